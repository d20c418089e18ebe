/// A released version of Talos Linux or Kubernetes: `v1.9.4`, `1.32.2`, `v1.13.0-rc.1`.
///
/// Ordering is that of semantic versioning: a pre-release comes before its release.
package struct Version: Hashable, Sendable, Comparable, Codable {
    package var major: Int
    package var minor: Int
    package var patch: Int
    /// What follows the dash, such as `rc.1`; empty for a release.
    package var prerelease: String

    package init(_ major: Int, _ minor: Int, _ patch: Int, prerelease: String = "") {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.prerelease = prerelease
    }

    /// Reads `v1.9.4`, `1.9.4` or `1.9.4-rc.1`. Build metadata (`+…`) is dropped. Nil for
    /// anything else: two or four parts, leading zeros, words.
    package init?(_ text: some StringProtocol) {
        var text = String(text)
        guard let version = text.withUTF8(Self.read) else { return nil }
        self = version
    }

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Version? {
        let end = bytes.firstIndex(of: UInt8(ascii: "+")) ?? bytes.count
        var position = bytes.first == UInt8(ascii: "v") ? 1 : 0
        func number(before stop: UInt8) -> Int? {
            let start = position
            var value = 0
            while position < end, (48...57).contains(bytes[position]) {
                guard position - start < 6 else { return nil }
                value = value * 10 + Int(bytes[position] - 48)
                position += 1
            }
            let length = position - start
            guard length > 0, length == 1 || bytes[start] != 48,
                position == end || bytes[position] == stop
            else { return nil }
            position += 1
            return value
        }
        guard let major = number(before: UInt8(ascii: ".")), position <= end,
            let minor = number(before: UInt8(ascii: ".")), position <= end,
            let patch = number(before: UInt8(ascii: "-"))
        else { return nil }
        // Behind the dash, if there was one.
        if position > end { return Version(major, minor, patch) }
        let rest = UnsafeBufferPointer(rebasing: bytes[position..<end])
        let suffix = String(decoding: rest, as: UTF8.self)
        return isPrerelease(suffix) ? Version(major, minor, patch, prerelease: suffix) : nil
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let version = Version(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\(text): not a version"))
        }
        self = version
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(tag)
    }

    /// With the leading `v`, as Talos tags and kubelets are written.
    package var tag: String { "v" + number }

    /// Without the leading `v`, as Kubernetes versions are declared.
    package var number: String {
        let core = "\(major).\(minor).\(patch)"
        return prerelease.isEmpty ? core : core + "-" + prerelease
    }

    /// `1.9`: the release series.
    package var series: Series { Series(major, minor) }

    package static func < (left: Version, right: Version) -> Bool {
        let a = (left.major, left.minor, left.patch)
        let b = (right.major, right.minor, right.patch)
        if a != b { return a < b }
        return precedes(left.prerelease, right.prerelease)
    }

    /// A minor release series, such as 1.9.
    package struct Series: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
        package var major: Int
        package var minor: Int

        package init(_ major: Int, _ minor: Int) {
            self.major = major
            self.minor = minor
        }

        /// Reads `1.9` or `v1.9`.
        package init?(_ text: some StringProtocol) {
            let parts = (text.first == "v" ? text.dropFirst() : text[...])
                .split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, let major = Version.number(parts[0]),
                let minor = Version.number(parts[1])
            else { return nil }
            self.init(major, minor)
        }

        package var description: String { "\(major).\(minor)" }

        package static func < (left: Series, right: Series) -> Bool {
            (left.major, left.minor) < (right.major, right.minor)
        }
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        let digits = text.utf8
        guard !digits.isEmpty, digits.count <= 6, digits.allSatisfy({ (48...57).contains($0) }),
            digits.count == 1 || digits.first != 48
        else { return nil }
        return Int(text)
    }

    private static func isPrerelease(_ text: String) -> Bool {
        !text.isEmpty
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy {
                        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                            || $0 == 45
                    }
            }
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        if left == right { return false }
        if left.isEmpty { return false }
        if right.isEmpty { return true }
        let a = left.split(separator: ".")
        let b = right.split(separator: ".")
        for (x, y) in zip(a, b) where x != y {
            switch (number(x), number(y)) {
            case (let x?, let y?): return x < y
            case (.some, nil): return true
            case (nil, .some): return false
            case (nil, nil): return x < y
            }
        }
        return a.count < b.count
    }
}

extension Version: CustomStringConvertible {
    package var description: String { tag }
}
