extension StoryThesaurus {
  /// Verbs, without their endings.
  static let verbs = """
    find: discover, come across, locate, spot, stumble upon, uncover
    discover: find, come across, uncover, learn
    see: notice, spot, observe, glimpse, catch sight of
    notice: spot, observe, become aware of
    look: gaze, peer, glance, search
    watch: observe, gaze at, look at
    stare: gaze, look hard
    play: have fun, amuse oneself, romp, frolic, enjoy games
    make: create, build, produce, craft, construct
    build: construct, make, erect, put together, assemble
    create: make, invent, craft
    fix: repair, mend, patch up
    repair: fix, mend, restore
    mend: fix, repair, patch up
    help: assist, aid, support, lend a hand to, come to the aid of
    rescue: save, free, come to the aid of
    save: rescue, keep safe
    free: release, liberate, rescue, let go
    protect: guard, defend, keep safe
    take: bring, carry, grab, fetch
    bring: fetch, carry, deliver, take
    fetch: bring, retrieve, get
    carry: haul, bear, transport, lug
    get: receive, obtain, fetch
    give: hand, offer, present, provide, grant
    hand: give, pass
    share: divide, give part of, split
    lend: loan, let someone use
    offer: propose, present, hold out
    trade: swap, exchange, barter
    buy: purchase, acquire, get at a shop
    sell: vend, offer for money
    pay: hand over money, spend
    want: wish, desire, long, yearn, crave
    wish: hope, desire, long, yearn
    need: require, lack
    hope: wish, long
    love: adore, cherish, be fond of, enjoy
    like: enjoy, be fond of, adore
    enjoy: like, delight in, take pleasure in, relish
    hate: dislike, detest
    become: turn, grow, end up
    turn: become, rotate, spin, change
    ask: request, beg, question, inquire
    beg: plead, implore, ask
    tell: inform, let know, explain
    say: remark, utter, declare
    talk: speak, chat, converse
    speak: talk, chat, say something
    call: name, shout, summon
    shout: yell, cry out, bellow
    yell: shout, cry out, bellow
    scream: shriek, cry out, yell
    whisper: murmur, speak softly
    answer: reply, respond
    explain: make clear, describe, tell
    warn: caution, alert, advise
    promise: vow, pledge, swear
    agree: consent, accept
    refuse: decline, reject
    invite: ask along, welcome, ask over
    apologise: say sorry, express regret
    apologize: say sorry, express regret
    forgive: pardon, excuse
    thank: show gratitude to, express thanks to
    praise: applaud, compliment
    scold: tell off, rebuke, reprimand
    blame: accuse, hold responsible
    tease: mock, make fun of
    laugh: giggle, chuckle
    smile: grin, beam
    cry: weep, sob, shed tears
    sing: croon, warble, perform a tune
    dance: twirl, prance, jig
    read: look through, leaf through
    write: jot down, pen
    draw: sketch, doodle
    paint: colour, put colours on
    count: number, tally
    learn: discover, find out, come to understand, realise
    teach: instruct, show, train, educate
    show: reveal, display, demonstrate
    know: understand, be aware
    think: believe, reckon, suppose
    believe: trust, think
    understand: grasp, realise
    realize: understand, grasp
    realise: understand, grasp
    remember: recall, bring to mind
    forget: fail to recall, overlook
    decide: choose, make up one's mind, resolve
    choose: pick, select, opt for
    pick: choose, select, pluck, gather
    try: attempt, seek, strive, endeavour
    practice: rehearse, train
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
    hug: embrace, cuddle, squeeze
    kiss: peck, show affection to
    comfort: console, soothe, reassure
    cheer: applaud, encourage, gladden
    encourage: urge, inspire
    calm: soothe, settle, quieten
    scare: frighten, startle, terrify, alarm
    frighten: scare, startle, terrify, alarm
    startle: surprise, shock, alarm
    surprise: astonish, amaze, startle
    amaze: astonish, astound, impress
    delight: please, thrill, gladden
    worry: fret, be anxious, be troubled
    fear: dread, be afraid of
    wonder: ponder, be curious
    dream: imagine, fantasise
    imagine: picture, pretend
    pretend: make believe, act, imagine
    trick: fool, deceive, dupe
    fool: trick, deceive
    lie: tell a falsehood, fib
    steal: rob, take without asking, make off with
    cheat: break the rules, deceive
    fight: quarrel, battle, scuffle
    quarrel: argue, squabble, bicker
    argue: quarrel, squabble, bicker
    win: triumph, come first, be victorious
    lose: misplace, be defeated, be without
    miss: long for, fail to catch
    eat: devour, consume, munch, feast on, gobble
    drink: sip, gulp, swallow
    taste: sample, try, savour
    chew: munch, gnaw
    swallow: gulp down, devour
    feed: give food to, nourish
    cook: prepare food, make a meal
    bake: cook in the oven, make in the oven
    mix: stir, blend
    pour: tip out, spill
    spill: tip over, knock over
    clean: wash, scrub, tidy
    wash: clean, scrub, rinse
    tidy: clean up, put in order
    dry: wipe, make less wet
    wear: put on, be dressed in
    dress: clothe, put clothes on
    tie: fasten, bind, attach
    pack: fill, stow
    open: unlock, undo, unseal
    close: shut, seal
    shut: close, seal
    lock: fasten, bolt
    stop: halt, cease, quit
    start: begin, set out
    begin: start, set out
    finish: complete, end
    end: finish, conclude
    stay: remain, linger
    wait: linger, stay put, be patient
    rest: relax, take a break
    sleep: slumber, doze, snooze
    wake: rouse, stir
    sit: settle, perch, take a seat
    stand: be upright, rise
    live: dwell, reside, make one's home
    grow: get bigger, develop, flourish
    plant: sow, put in the ground
    dig: burrow, scoop out earth
    bury: hide underground, cover with earth
    water: sprinkle, give a drink to
    collect: gather, pick up, amass
    gather: collect, assemble, pick up
    fill: load, stuff
    put: place, set, lay
    place: put, set, lay
    drop: let fall, release
    lift: raise, hoist, pick up
    reach: get to, arrive at, stretch to
    stretch: extend, reach out
    move: shift, budge, go
    change: transform, alter
    shine: gleam, glow, sparkle
    glow: shine, gleam, give off light
    sparkle: glitter, twinkle, shimmer
    blow: puff, gust
    burn: scorch, blaze, singe
    melt: turn to liquid, thaw
    freeze: turn to ice, become very cold
    vanish: disappear, go missing
    disappear: vanish, go missing
    appear: show up, emerge, turn up
    meet: encounter, come across, run into
    befriend: make friends with, become pals with
    join: take part in, link up with, accompany
    work: toil, labour
    use: employ, make use of
    own: have, possess
    keep: hold on to, retain
    guard: watch over, protect
    obey: do as told, heed
    ignore: pay no attention to, disregard
    let: allow, permit
    allow: let, permit
    suggest: propose, recommend
    persuade: convince, talk round
    hear: listen to, catch the sound of
    listen: pay attention, heed
    smell: sniff, catch the scent of
    feel: sense, be
    bark: woof, make dog noises
    roar: growl, bellow
    sneeze: have a noisy nasal outburst, go achoo
    splash: spray, make a spatter
    decorate: adorn, make pretty
    celebrate: rejoice, have a party
    admire: look up to, marvel at
    sew: stitch, mend with thread
    look for: seek, search for, hunt for, try to find
    look after: care for, tend, mind
    look at: gaze at, observe, watch
    play with: enjoy, amuse oneself with, romp with
    pick up: lift, collect, gather
    wake up: rouse, stir
    run away: flee, escape, make off
    fall off: tumble from, drop from
    fall down: tumble, collapse
    fall in: tumble into, land in
    get lost: lose one's way, go astray
    give up: quit, stop trying
    put on: don, dress in
    take off: remove, rise into the air
    turn into: become, change into
    fall asleep: doze off, drift off
    make friends: become pals, grow close
    find out: discover, learn
    set off: depart, start out
    come back: return, reappear
    go back: return, head back
    clean up: tidy, put in order
    """
}
