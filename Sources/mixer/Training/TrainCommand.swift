import ArgumentParser

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a language model, an embedder, a retriever or a first stage; resumable to the bit.",
    discussion: """
      Example, from stories to a retriever:
        mixer train language-model --dataset Corpus/tinystories --tokenizer Models/masked-mixer-256/tokenizer.model --output lm
        mixer train embedder       --model lm --dataset Corpus/tinystories --output embedder
        mixer embed                --model embedder --dataset Corpus/tinystories --split train --output train.safetensors
        mixer embed                --model embedder --dataset Corpus/tinystories --split dev --output dev.safetensors
        mixer train retriever      --embeddings train.safetensors --dev-embeddings dev.safetensors --output retriever
        mixer train projection     --embeddings train.safetensors --dev-embeddings dev.safetensors --retriever retriever

      Ctrl-C and SIGTERM save a checkpoint and stop; the same command with --resume goes on where it stopped.
      """,
    subcommands: [
      TrainLanguageModelCommand.self, TrainEmbedderCommand.self, TrainRetrieverCommand.self,
      TrainProjectionCommand.self,
    ])
}
