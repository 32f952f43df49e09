extension StoryThesaurus {
  /// Verbs of going, handling and breaking.
  static let movements = """
    go: travel, head, set off, move
    come: arrive, approach, show up
    arrive: come, show up, turn up
    leave: depart, go away, abandon, head off
    return: come back, go back, head home
    visit: call on, go to see, drop in on
    travel: journey, voyage, go far
    walk: stroll, wander, amble, stride
    run: sprint, dash, race, hurry, rush
    race: compete, sprint, dash
    hurry: rush, hasten, dash
    chase: pursue, run after, go after
    follow: go after, trail, pursue
    escape: flee, get away, break free
    flee: escape, run away, get away
    hide: conceal, take cover, keep out of sight
    seek: look for, search for, hunt
    search: look, hunt, seek
    hunt: search, stalk, track
    explore: investigate, roam, look around
    wander: stray, roam, stroll
    climb: scale, ascend, clamber up, go up
    jump: leap, spring, hop, bound
    leap: jump, spring, bound
    hop: jump, bounce, skip
    bounce: spring, hop, rebound
    fly: soar, glide, flutter, take to the air
    swim: paddle, float, splash about
    float: drift, bob, hover
    sail: voyage, travel by water
    ride: travel on, go along on, be carried by
    drive: steer, be at the wheel of
    crawl: creep, inch along
    creep: sneak, crawl, inch along
    sneak: creep, steal, slip
    slip: skid, slide, lose one's footing
    slide: glide, skid, slip
    fall: tumble, drop, topple
    trip: stumble, lose one's footing
    roll: tumble, spin along, trundle
    spin: twirl, whirl, rotate
    swing: sway, dangle
    shake: tremble, quiver, wobble
    wave: signal with a hand, flap
    throw: toss, fling, hurl
    toss: throw, fling
    catch: grab, capture, seize, trap
    trap: catch, ensnare, capture
    grab: seize, snatch, clutch
    snatch: grab, seize, take suddenly
    hold: grip, clutch, grasp
    touch: feel, pat, stroke
    pull: tug, drag, haul
    push: shove, press, nudge
    hit: strike, knock, whack
    knock: hit, rap, bump
    kick: strike with a foot, boot
    bite: nip, sink teeth into, chomp
    sting: prick, hurt
    scratch: claw, scrape
    break: smash, shatter, snap, damage
    smash: break, shatter, crush
    tear: rip, shred
    crash: smash, collide
    cut: slice, snip, chop
    hurt: injure, harm, wound
    injure: hurt, harm, wound
    """
}
