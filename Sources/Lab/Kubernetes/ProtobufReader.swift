/// The fields of one protobuf message, as they are on the wire.
enum ProtobufReader {
    enum Value: Equatable {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    static func fields(
        _ bytes: ArraySlice<UInt8>
    ) throws(APIFailure) -> [(number: Int, value: Value)] {
        var found: [(number: Int, value: Value)] = []
        var rest = bytes
        while !rest.isEmpty {
            let key = try varint(&rest)
            let number = Int(truncatingIfNeeded: key >> 3)
            switch key & 7 {
            case 0: found.append((number, .number(try varint(&rest))))
            case 1: rest = try dropping(8, from: rest)
            case 2:
                let length = try varint(&rest)
                guard length <= UInt64(rest.count) else { throw ProtobufBody.unreadable }
                found.append((number, .bytes(rest.prefix(Int(length)))))
                rest = rest.dropFirst(Int(length))
            case 5: rest = try dropping(4, from: rest)
            default: throw ProtobufBody.unreadable
            }
        }
        return found
    }

    private static func dropping(
        _ count: Int, from bytes: ArraySlice<UInt8>
    ) throws(APIFailure) -> ArraySlice<UInt8> {
        guard bytes.count >= count else { throw ProtobufBody.unreadable }
        return bytes.dropFirst(count)
    }

    private static func varint(_ bytes: inout ArraySlice<UInt8>) throws(APIFailure) -> UInt64 {
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = bytes.popFirst() else { throw ProtobufBody.unreadable }
            result |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return result }
        }
        throw ProtobufBody.unreadable
    }
}
