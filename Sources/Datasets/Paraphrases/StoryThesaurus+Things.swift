extension StoryThesaurus {
  /// Food, clothes, belongings, and what cannot be touched.
  static let things = """
    apple: fruit, round fruit, orchard fruit
    orange: citrus fruit, juicy fruit
    banana: yellow fruit, curved fruit
    pear: fruit, juicy fruit
    lemon: sour fruit, citrus fruit
    strawberry: red berry, sweet fruit
    berry: small fruit, juicy morsel
    fruit: sweet produce, juicy food
    carrot: orange vegetable, root vegetable
    pumpkin: orange vegetable, big squash
    vegetable: garden produce, healthy food, greens
    nut: acorn, hard-shelled snack
    mushroom: fungus, toadstool
    food: meal, nourishment, something to eat, snack
    cake: dessert, frosted treat, baked sweet
    cookie: biscuit, baked treat, sweet snack
    candy: sweets, sugary treat
    chocolate: cocoa treat, sweet treat
    pie: pastry, baked dessert
    ice cream: frozen dessert, frozen treat, cold sweet
    cream: dairy topping, rich milk
    bread: loaf, baked food
    sandwich: filled bread, lunch item
    soup: broth, warm dish
    egg: shelled oval, hen's product
    cheese: dairy food, mouse's favourite
    milk: white drink, dairy drink
    juice: fruity drink, beverage
    honey: sweet golden syrup, bees' product
    jam: fruit spread, preserve
    meat: flesh, beef
    lunch: midday meal, meal
    dinner: evening meal, supper, meal
    breakfast: morning meal
    snack: bite to eat, nibble, treat
    treat: tasty reward, snack, delight
    bowl: dish, round vessel
    plate: dish, piece of tableware
    cup: mug, drinking vessel
    bottle: flask, glass container
    jar: glass container, pot
    pot: cooking vessel, container
    box: container, carton, crate, chest
    bag: sack, pouch, carrier
    basket: woven container, hamper
    hat: headwear, headpiece, cap
    coat: jacket, warm garment
    dress: frock, gown, garment
    shirt: garment, top, piece of clothing
    sock: foot garment, knitted footwear
    shoe: footwear, footgear
    boot: footwear, sturdy footgear
    clothes: garments, attire, outfit
    scarf: neck warmer, knitted wrap
    ribbon: strip of cloth, decorative band
    bow: knotted ribbon, decoration
    blanket: warm cover, bed covering
    pillow: head cushion, soft rest
    rope: cord, line, string
    string: cord, thread, twine
    book: volume, storybook, something to read
    story: tale, narrative, account
    picture: image, drawing, painting, portrait
    letter: written message, note
    paper: sheet, page
    pencil: writing tool, drawing tool
    crayon: colouring stick, wax drawing tool
    paint: colours, pigment
    song: tune, melody, piece of music
    music: tune, melody, sounds
    drum: percussion instrument, beating instrument
    bell: chime, ringing object
    phone: telephone, calling device
    camera: picture taker, photo device
    clock: timepiece, time teller
    machine: device, apparatus, contraption
    tool: implement, instrument, device
    key: metal opener, opener of locks
    lock: fastener, latch
    knife: blade, sharp tool
    net: mesh, trap
    trap: snare, pitfall
    coin: piece of money, small change
    money: cash, coins, savings
    gold: precious metal, riches
    treasure: riches, hidden valuables, precious things
    diamond: gem, precious stone, jewel
    jewel: gem, precious stone
    crown: royal headpiece, golden circlet
    ring: band for a finger, piece of jewellery
    necklace: piece of jewellery, beads
    mirror: looking glass, reflecting glass
    button: fastener, small round switch
    map: chart, guide to places
    flag: banner, pennant
    wand: magic stick, enchanter's rod
    magic: enchantment, sorcery, spells
    spell: enchantment, charm
    wish: desire, hope, request
    dream: vision, fantasy, nighttime vision
    secret: hidden knowledge, mystery
    idea: plan, thought, notion
    plan: scheme, idea
    promise: vow, pledge, word
    rule: regulation, instruction
    lesson: moral, teaching
    trick: prank, ruse, stunt
    joke: funny remark, prank
    mistake: error, blunder
    mess: clutter, untidiness, chaos
    noise: sound, racket, din
    voice: speech, sound
    word: term, expression
    smell: scent, aroma, odour
    color: hue, shade, tint
    colour: hue, shade, tint
    face: features, countenance
    eye: gaze, organ of sight
    ear: hearing organ
    nose: snout, organ of smell
    mouth: jaws, lips
    tooth: fang, chewer
    hair: locks, curls
    hand: palm, fingers
    arm: limb
    leg: limb
    foot: sole, paw
    knee: leg joint
    tail: rear appendage, rear
    wing: feathered limb, flapping limb
    fur: soft coat, pelt
    head: top of the body, skull
    heart: inner self, chest
    tear: drop of sorrow, weeping
    smile: grin, happy look
    hug: embrace, cuddle, squeeze
    kiss: peck, smooch
    nap: short sleep, snooze, rest
    sleep: slumber, rest
    help: assistance, aid, support
    advice: guidance, counsel, suggestion
    fear: dread, fright, terror
    anger: rage, fury
    joy: delight, happiness
    fun: enjoyment, amusement, good time
    love: affection, fondness
    kindness: generosity, caring, goodwill
    friendship: companionship, bond
    danger: peril, risk, threat
    trouble: difficulty, bother, problem
    problem: difficulty, trouble
    accident: mishap, crash
    nest: bird's home, twig home
    web: silky trap, spun threads
    shell: hard covering, seaside find
    bone: dog's treat, skeleton part
    top: summit, highest point
    bottom: lowest part, base
    edge: rim, border
    pile: heap, stack
    piece: bit, portion, part
    world: earth, globe
    time: moment, while
    thing: object, item
    dirt: soil, grime, earth
    bench: seat, park seat
    line: row, queue
    """
}
