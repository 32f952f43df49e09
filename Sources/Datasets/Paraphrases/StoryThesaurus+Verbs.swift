extension StoryThesaurus {
  /// Verbs, without their endings: making, giving, saying, knowing. The others are in the files beside this one.
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
    """
}
