import Foundation

/// Writes what the fuzzer starts from: the fixtures of the tests, each with every action in front,
/// and the dictionary of the pieces that damage is made of.
///
///     seeds CORPUS-FOLDER DICTIONARY-FILE
let arguments = CommandLine.arguments
guard arguments.count == 3 else {
    print("seeds CORPUS-FOLDER DICTIONARY-FILE")
    exit(64)
}
let texts =
    Fixtures.valid + [Fixtures.cluster] + TerraformCases.files
    + TerraformCases.values.map { "v = \($0)\n" } + ["{\"a\": {\"b\": [\"x\", 1.5, null]}}"]
for (index, text) in texts.enumerated() {
    for action in [UInt8(0), 1, 2, 18, 34, 50] {
        let file = URL(fileURLWithPath: arguments[1]).appendingPathComponent("\(index)-\(action)")
        try Data([action, 0, UInt8(truncatingIfNeeded: index)] + Array(text.utf8)).write(to: file)
    }
}
let words = Fixtures.pieces.filter { !$0.isEmpty }.map { piece in
    "\"" + piece.utf8.map { String(format: "\\x%02x", $0) }.joined() + "\"\n"
}
try Data(words.joined().utf8).write(to: URL(fileURLWithPath: arguments[2]))
