import Model

/// Bodies in Kubernetes' own protobuf: what `kubectl create` sends for built-in kinds.
///
/// Source: apimachinery v0.32.4 `runtime/serializer/protobuf`: four bytes `k8s\0`, then a
/// `runtime.Unknown` with the type in field 1 and the object in field 2.
enum ProtobufBody {
    static let mediaType = "application/vnd.kubernetes.protobuf"

    /// Fields that no table names are left out.
    /// - Throws: 415 for kinds whose fields are not known, 400 for what cannot be read.
    static func parse(_ bytes: [UInt8]) throws(APIFailure) -> JSONValue {
        guard bytes.starts(with: [0x6B, 0x38, 0x73, 0x00]) else { throw unreadable }
        let envelope = try ProtobufReader.fields(bytes[4...])
        var apiVersion = ""
        var kind = ""
        var raw: ArraySlice<UInt8> = []
        for field in envelope {
            guard case .bytes(let content) = field.value else { continue }
            switch field.number {
            case 1:
                for part in try ProtobufReader.fields(content) {
                    guard case .bytes(let text) = part.value else { continue }
                    if part.number == 1 { apiVersion = String(decoding: text, as: UTF8.self) }
                    if part.number == 2 { kind = String(decoding: text, as: UTF8.self) }
                }
            case 2: raw = content
            default: break
            }
        }
        guard let shape = ProtobufShape.kinds[kind] else {
            throw APIFailure(
                .unsupportedMediaType,
                "the body of the request was in an unknown format - accepted media types include: "
                    + "application/json, application/yaml")
        }
        var object = try message(raw, shape, depth: 0)
        object["apiVersion"] = .string(apiVersion)
        object["kind"] = .string(kind)
        return object
    }

    private static func message(
        _ bytes: ArraySlice<UInt8>, _ fields: [Int: ProtobufShape.Field], depth: Int
    ) throws(APIFailure) -> JSONValue {
        guard depth < 50 else { throw unreadable }
        var object: [String: JSONValue] = [:]
        for found in try ProtobufReader.fields(bytes) {
            guard let field = fields[found.number] else { continue }
            if case .map(let shape) = field.shape {
                let (key, value) = try entry(found.value, shape, depth: depth)
                var members = object[field.name]?.object ?? [:]
                members[key] = value
                object[field.name] = .object(members)
                continue
            }
            guard let value = try value(found.value, field.shape, depth: depth) else { continue }
            if field.isList {
                object[field.name] = .array((object[field.name]?.array ?? []) + [value])
            } else {
                object[field.name] = value
            }
        }
        return .object(object)
    }

    private static func entry(
        _ raw: ProtobufReader.Value, _ shape: ProtobufShape, depth: Int
    ) throws(APIFailure) -> (String, JSONValue) {
        guard case .bytes(let content) = raw else { throw unreadable }
        var key = ""
        var made: JSONValue = ""
        for part in try ProtobufReader.fields(content) {
            if part.number == 1, case .bytes(let text) = part.value {
                key = String(decoding: text, as: UTF8.self)
            } else if part.number == 2 {
                made = try value(part.value, shape, depth: depth) ?? ""
            }
        }
        return (key, made)
    }

    /// Nil for what stands for an absent value: empty texts, the zero time.
    private static func value(
        _ raw: ProtobufReader.Value, _ shape: ProtobufShape, depth: Int
    ) throws(APIFailure) -> JSONValue? {
        switch (shape, raw) {
        case (.text, .bytes(let content)):
            return content.isEmpty ? nil : .string(String(decoding: content, as: UTF8.self))
        case (.data, .bytes(let content)): return .string(Base64.encode(Array(content)))
        case (.whole, .number(let number)): return .integer(Int64(bitPattern: number))
        case (.flag, .number(let number)): return .bool(number != 0)
        case (.time, .bytes(let content)):
            for part in try ProtobufReader.fields(content) where part.number == 1 {
                if case .number(let seconds) = part.value {
                    return .string(Timestamp(seconds: Int64(bitPattern: seconds)).text)
                }
            }
            return nil
        case (.wholeOrText, .bytes(let content)):
            let parts = try ProtobufReader.fields(content)
            let isText = parts.contains { $0.number == 1 && $0.value == .number(1) }
            for part in parts {
                if isText, part.number == 3, case .bytes(let text) = part.value {
                    return .string(String(decoding: text, as: UTF8.self))
                }
                if !isText, part.number == 2, case .number(let number) = part.value {
                    return .integer(Int64(bitPattern: number))
                }
            }
            return 0
        case (.message(let fields), .bytes(let content)):
            return try message(content, fields, depth: depth + 1)
        default: return nil
        }
    }

    static let unreadable = APIFailure(
        .badRequest, "the protobuf body cannot be decoded")
}
