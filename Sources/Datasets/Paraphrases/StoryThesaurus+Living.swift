extension StoryThesaurus {
  /// Verbs of feeling, of everyday life and of what happens by itself.
  static let living = """
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
    """
}
