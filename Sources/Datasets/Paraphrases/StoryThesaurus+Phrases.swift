extension StoryThesaurus {
  /// Verbs of two words.
  static let phrases = """
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
