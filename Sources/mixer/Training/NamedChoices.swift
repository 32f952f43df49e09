public import ArgumentParser
public import Mixers
public import Training

// Choices of the libraries that can be named on the command line.

extension Padding: ExpressibleByArgument {}

extension ModelInitialization.Mixing: ExpressibleByArgument {}

extension LearningRateSchedule.Shape: ExpressibleByArgument {}
