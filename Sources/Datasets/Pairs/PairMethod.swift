/// Ways to make training pairs out of stories without a language model.
public enum PairMethod: String, Sendable, CaseIterable {
  /// The inverse cloze task (Lee, Chang & Toutanova 2019, arXiv 1906.00300): the query is a sentence of the story,
  /// which is taken out of it, or left in with some probability.
  case inverseCloze = "inverse-cloze"
  /// The first sentence, treated in the same way.
  case lead
  /// A random run of words (as in Contriever, Izacard et al. 2021, arXiv 2112.09118); the story stays whole.
  case crop
  /// A query rewritten with a thesaurus and WordNet: everyday synonyms, descriptions, more general words; names
  /// dropped. From the dataset's own queries, or from random sentences (``ParaphraseSource``).
  case paraphrase
  /// A query with words left out at random: as far from its story as queries are that a model was not trained on.
  case omission

  /// Whether it starts from queries where the dataset has any.
  var rewrites: Bool { self == .paraphrase || self == .omission }

  /// Sets the ids of this method's queries apart from those that another method made of the same stories.
  var queryIDInitial: Character {
    switch self {
    case .inverseCloze: "c"
    case .lead: "l"
    case .crop: "r"
    case .paraphrase: "p"
    case .omission: "o"
    }
  }
}
