import Testing

/// The built binary against labs of its own. One test at a time: a lab is a cluster, and machines
/// that build are small.
@Suite(.serialized, .timeLimit(.minutes(10)))
enum EndToEnd {}
