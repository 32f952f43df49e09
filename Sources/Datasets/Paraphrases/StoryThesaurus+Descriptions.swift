extension StoryThesaurus {
  static let adjectives = """
    big: large, huge, sizeable, great
    large: big, sizeable, great
    huge: enormous, gigantic, massive, immense
    enormous: huge, gigantic, massive, immense
    giant: huge, gigantic, colossal
    tall: high, towering, lofty
    high: tall, lofty, elevated
    small: little, tiny, miniature, diminutive
    little: small, tiny, miniature
    tiny: minuscule, very small, minute
    long: lengthy, extended
    short: brief, not tall
    thin: slim, slender
    fat: plump, chubby
    chubby: plump, round
    thick: dense, heavy
    heavy: weighty, hard to lift
    strong: sturdy, powerful, mighty, muscular
    weak: feeble, frail
    powerful: mighty, strong
    mighty: powerful, strong
    fast: speedy, quick, swift, rapid
    quick: fast, speedy, swift
    slow: sluggish, unhurried, least speedy
    old: elderly, aged, ancient
    young: youthful, little
    new: unfamiliar, fresh, brand-new
    good: fine, well-behaved, worthy
    best: finest, closest, dearest
    bad: wicked, nasty, poor
    nice: pleasant, kind, lovely
    mean: unkind, nasty, cruel, spiteful
    kind: caring, gentle, warm-hearted, considerate
    gentle: tender, mild, careful
    friendly: amiable, welcoming, sociable
    helpful: obliging, useful
    generous: giving, unselfish
    selfish: self-centred, greedy
    greedy: grasping, gluttonous
    polite: courteous, well-mannered
    rude: impolite, ill-mannered
    naughty: mischievous, disobedient
    obedient: well-behaved, dutiful
    stubborn: headstrong, obstinate
    bossy: domineering, overbearing
    brave: courageous, bold, fearless, valiant
    bold: daring, courageous
    shy: timid, bashful
    timid: shy, fearful
    scared: afraid, frightened, fearful
    afraid: scared, frightened, fearful
    nervous: anxious, uneasy, jittery
    anxious: worried, uneasy
    worried: anxious, troubled, uneasy
    careful: cautious, wary
    careless: reckless, heedless
    reckless: careless, rash
    curious: inquisitive, nosy, eager to know
    clever: smart, bright, resourceful, ingenious
    smart: clever, bright
    wise: sage, sensible, knowing
    silly: foolish, daft, goofy
    foolish: silly, unwise
    lazy: idle, work-shy
    busy: occupied, hard-working
    tired: weary, exhausted, sleepy
    sleepy: drowsy, tired
    hungry: starving, famished, with nothing to eat
    thirsty: parched, in need of a drink
    sick: ill, unwell, poorly
    happy: glad, cheerful, joyful, delighted
    cheerful: merry, happy, jolly
    glad: happy, pleased
    sad: unhappy, gloomy, downcast, sorrowful
    lonely: friendless, solitary, without company
    alone: solitary, by oneself, without company
    angry: furious, cross, enraged
    grumpy: cranky, bad-tempered, sulky
    upset: distressed, unhappy, troubled
    jealous: envious, green with envy
    envious: jealous, covetous
    proud: boastful, pleased with oneself
    humble: modest, unassuming
    excited: thrilled, eager
    impatient: restless, unable to wait
    patient: calm, uncomplaining
    calm: peaceful, serene
    quiet: silent, hushed
    loud: noisy, deafening
    noisy: loud, rowdy
    funny: amusing, comical, hilarious
    boring: dull, tedious
    dull: boring, dim
    strange: odd, unusual, peculiar, weird
    weird: odd, strange
    unusual: strange, uncommon, rare
    special: unique, extraordinary, particular
    ordinary: plain, everyday
    rare: uncommon, hard to find
    mysterious: enigmatic, puzzling, strange
    secret: hidden, concealed
    magic: enchanted, bewitched, mystical
    magical: enchanted, bewitched, mystical
    famous: celebrated, well-known, renowned
    favorite: beloved, best-loved, preferred
    favourite: beloved, best-loved, preferred
    beloved: dear, treasured, cherished
    precious: valuable, treasured
    beautiful: lovely, gorgeous, stunning
    pretty: lovely, attractive
    lovely: beautiful, charming
    ugly: hideous, unsightly
    handsome: good-looking, fine
    cute: adorable, sweet
    bright: shining, vivid, brilliant
    shiny: gleaming, glossy, glittering, sparkling
    sparkly: glittering, twinkling
    dark: gloomy, unlit, black
    clear: transparent, see-through
    colorful: bright, many-hued, vivid
    colourful: bright, many-hued, vivid
    red: crimson, scarlet, ruby
    pink: rosy, rose-coloured
    orange: tangerine, amber
    yellow: golden, lemon-coloured
    green: emerald, grassy
    blue: azure, sky-coloured
    purple: violet, lilac
    brown: chestnut, tan
    black: dark, inky
    white: snowy, pale
    grey: silvery, ashen
    gray: silvery, ashen
    golden: gilded, yellow
    hot: scorching, boiling, burning
    warm: cosy, heated
    cold: chilly, freezing, icy
    cool: chilly, refreshing
    wet: soaked, damp, drenched
    dry: parched, waterless
    dirty: filthy, grubby, soiled
    muddy: mucky, covered in dirt
    messy: untidy, disorderly
    clean: spotless, washed
    tidy: neat, orderly
    soft: fluffy, velvety
    fluffy: downy, soft
    furry: hairy, shaggy
    hard: tough, difficult, solid
    tough: sturdy, hard
    rough: coarse, bumpy
    smooth: even, sleek
    sharp: pointed, keen
    sticky: gluey, tacky
    slippery: slick, icy
    sweet: sugary, honeyed
    sour: tart, bitter
    spicy: hot, peppery
    tasty: delicious, yummy, flavoursome
    delicious: tasty, yummy, scrumptious
    fresh: new, newly picked
    rotten: spoiled, mouldy
    full: packed, brimming
    empty: bare, vacant
    open: unlocked, ajar
    lost: missing, astray, gone
    broken: damaged, smashed, shattered
    stuck: trapped, caught, jammed
    safe: secure, out of danger
    dangerous: risky, perilous, hazardous
    scary: frightening, spooky, menacing
    wild: untamed, savage
    poor: needy, penniless
    rich: wealthy, well-off
    fancy: elegant, posh
    real: genuine, true
    fake: pretend, false
    round: circular, ball-shaped
    square: boxy, four-sided
    deep: bottomless, far down
    wide: broad, vast
    far: distant, remote
    near: close, neighbouring
    wooden: timber, made of planks
    invisible: unseen, that nobody can see
    adventurous: daring, intrepid
    playful: frisky, fun-loving
    naive: trusting, innocent
    honest: truthful, sincere
    cruel: unkind, heartless
    lucky: fortunate, favoured
    different: unlike, another kind of
    whole: entire, complete
    comfortable: cosy, snug
    three: trio of, several
    four: several, group of
    many: numerous, lots of, countless
    """

  /// Adverbs and whatever else takes no ending.
  static let others = """
    finally: in the end, eventually, at last
    later: afterwards, subsequently
    suddenly: abruptly, all at once
    quickly: swiftly, speedily, in a hurry
    slowly: unhurriedly, little by little
    happily: gladly, merrily, with joy
    sadly: unhappily, sorrowfully
    bravely: courageously, boldly
    kindly: gently, considerately
    gently: softly, tenderly
    carefully: cautiously, with care
    proudly: with pride, boastfully
    patiently: calmly, without complaint
    accidentally: by mistake, unintentionally
    together: side by side, jointly, with one another
    outside: outdoors, in the open
    outdoors: outside, in the open
    inside: indoors, within
    indoors: inside, within
    away: off, elsewhere
    home: back, to the house
    everywhere: all over, all around
    forever: for good, always
    again: once more, another time
    everyone: everybody, all of them, the others
    everybody: everyone, all of them
    everything: all of it, the lot
    cannot: is unable to, fails to
    under: beneath, below, underneath
    beneath: under, below, underneath
    above: over, overhead
    near: close to, beside, by
    beside: next to, close to
    behind: at the back of, in the rear of
    across: over, to the other side of
    until: till, up to the time that
    because: since, as
    despite: in spite of, even with
    instead: in its place, rather
    always: constantly, every time
    never: not ever, at no time
    often: frequently, many times
    almost: nearly, practically
    very: extremely, really
    """
}
