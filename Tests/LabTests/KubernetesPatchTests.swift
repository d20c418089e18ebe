import Model
import Testing

@testable import Lab

@Suite struct KubernetesPatchTests {
    private func json(_ text: String) throws -> JSONValue { try JSONText.parse(Array(text.utf8)) }

    @Test(arguments: [
        #"{"a":[1,2.5,"x\n\"y\"",null,true],"b":{}}"#, #""é😀""#, "-7", "[]",
    ])
    func `a JSON text that is read and written stays the same`(_ text: String) throws {
        #expect(JSONText.text(try json(text)) == text)
    }

    @Test(arguments: ["{", "[1,]", #"{"a" 1}"#, "tru", #""abc"#, "1 2", ""])
    func `a text that is no JSON is refused`(_ text: String) {
        #expect(throws: JSONText.Malformed.self) { try json(text) }
    }

    static let merges: [(String, String, String)] = [
        (#"{"a":1}"#, #"{"a":null,"b":2}"#, #"{"b":2}"#),
        (#"{"l":[1,2]}"#, #"{"l":[3]}"#, #"{"l":[3]}"#),
        (#"{"a":{"b":1}}"#, #"{"a":{"c":2}}"#, #"{"a":{"b":1,"c":2}}"#),
    ]

    @Test(arguments: merges)
    func `a merge patch deletes with null and replaces lists`(
        _ old: String, _ patch: String, _ new: String
    ) throws {
        #expect(JSONText.text(JSONPatching.merge(try json(old), try json(patch))) == new)
    }

    static let strategicMerges: [(String, String, String)] = [
        (
            #"{"containers":[{"image":"1","name":"a"},{"name":"b"}]}"#,
            #"{"containers":[{"name":"a","image":"2"}]}"#,
            #"{"containers":[{"image":"2","name":"a"},{"name":"b"}]}"#
        ),
        (
            #"{"env":[{"name":"a"},{"name":"b"}]}"#,
            #"{"env":[{"name":"a","$patch":"delete"}]}"#, #"{"env":[{"name":"b"}]}"#
        ),
        (#"{"finalizers":["a"]}"#, #"{"finalizers":["b"]}"#, #"{"finalizers":["a","b"]}"#),
        (
            #"{"finalizers":["a","b"]}"#, #"{"$deleteFromPrimitiveList/finalizers":["a"]}"#,
            #"{"finalizers":["b"]}"#
        ),
        (#"{"taints":[{"key":"a"}]}"#, #"{"taints":[{"key":"b"}]}"#, #"{"taints":[{"key":"b"}]}"#),
        (#"{"s":{"a":1,"b":2}}"#, #"{"s":{"$retainKeys":["b"],"b":3}}"#, #"{"s":{"b":3}}"#),
    ]

    @Test(arguments: strategicMerges)
    func `a strategic merge patch merges the lists that have a key`(
        _ old: String, _ patch: String, _ new: String
    ) throws {
        #expect(JSONText.text(StrategicMerge.apply(try json(patch), to: try json(old))) == new)
    }

    @Test func `a JSON patch whose test fails is refused`() throws {
        let patch = try json(#"[{"op":"test","path":"/a","value":2},{"op":"remove","path":"/a"}]"#)
        #expect(throws: APIFailure.self) { try JSONPatching.apply(patch, to: ["a": 1]) }
    }

    static let selectors: [(String, Bool)] = [
        ("a=b,c in (d,e)", true), ("a!=b", false), ("!x,c notin (f)", true), ("x", false),
        ("", true),
    ]

    @Test(arguments: selectors)
    func `a label selector selects`(_ text: String, _ selects: Bool) throws {
        #expect(try LabelFilter(text: text).matches(["a": "b", "c": "d"]) == selects)
    }

    static let ages: [(Int64, String)] = [
        (5, "5s"), (119, "119s"), (125, "2m5s"), (600, "10m"), (3 * 3600, "3h"),
        (3 * 3600 + 60, "3h1m"), (49 * 3600, "2d1h"),
    ]

    @Test(arguments: ages)
    func `an age is told as kubectl tells it`(_ seconds: Int64, _ text: String) {
        #expect(Timestamp(seconds: 0).age(at: Timestamp(seconds: seconds)) == text)
    }

    @Test func `a time is written and read back`() {
        let time = Timestamp(seconds: 1_777_636_800)
        #expect(time.text == "2026-05-01T12:00:00Z")
        #expect(Timestamp(time.text) == time)
        #expect(time.microText == "2026-05-01T12:00:00.000000Z")
    }

    @Test func `a protobuf Namespace is read`() throws {
        let inner: [UInt8] = [0x0A, 4, 0x0A, 2, 0x74, 0x31]
        var type: [UInt8] = [0x0A, 2, 0x76, 0x31, 0x12, 9]
        type += Array("Namespace".utf8)
        var body: [UInt8] = [0x6B, 0x38, 0x73, 0, 0x0A, UInt8(type.count)]
        body += type
        body += [0x12, UInt8(inner.count)]
        body += inner
        let object = try ProtobufBody.parse(body)
        #expect(object["kind"] == "Namespace")
        #expect(object.name == "t1")
        #expect(throws: APIFailure.self) { try ProtobufBody.parse(Array(body.dropLast(3))) }
    }
}
