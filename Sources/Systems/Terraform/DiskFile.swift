#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is read and replaced as a whole, with the system's own word for what went wrong.
package struct DiskFile {
    /// What a call of the system said, such as `Permission denied`.
    package struct Failure: Error, Equatable {
        package let reason: String
    }

    private let path: String

    /// - Parameter path: Absolute, or relative to the working directory.
    package init(_ path: String) { self.path = path }

    package func read() throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.lastFailure }
        defer { close(descriptor) }
        return try Self.bytes(of: descriptor)
    }

    /// What comes out of an open file until its end, or until it is more than any reader takes.
    package static func bytes(of descriptor: Int32) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= largest {
            let count = readBytes(descriptor, &chunk, chunk.count)
            if count > 0 {
                bytes += chunk[..<count]
            } else if count == 0 {
                break
            } else if errno != EINTR {
                throw lastFailure
            }
        }
        return bytes
    }

    /// Puts all of them into an open file.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw lastFailure
            }
        }
    }

    /// A new file beside the old one takes its place, with the same owner and rights. A link stays
    /// a link. What is at the path is whole at every moment.
    ///
    /// - Parameter synced: It survives a power cut; costs a write to the disk.
    package func replace(with bytes: [UInt8], synced: Bool) throws(Failure) {
        guard let real = realpath(path, nil) else { throw Self.lastFailure }
        defer { free(real) }
        let target = String(cString: real)
        var status = stat()
        guard stat(target, &status) == 0, access(target, W_OK) == 0 else { throw Self.lastFailure }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(reason: "Not a file") }
        let slash = target.lastIndex(of: "/") ?? target.startIndex
        let fresh =
            "\(target[...slash]).\(target[slash...].dropFirst())"
            + ".bump-\(String(UInt64.random(in: .min ... .max), radix: 16))"
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.lastFailure }
        do throws(Failure) {
            defer { close(descriptor) }
            try Self.giveRights(of: status, to: descriptor)
            try Self.write(bytes, to: descriptor)
            guard !synced || fsync(descriptor) == 0, rename(fresh, target) == 0 else {
                throw Self.lastFailure
            }
        } catch {
            unlink(fresh)
            throw error
        }
    }

    /// Another group of the owner's is no reason to stop; another owner is.
    private static func giveRights(of status: stat, to descriptor: Int32) throws(Failure) {
        guard
            fchown(descriptor, status.st_uid, status.st_gid) == 0 || status.st_uid == geteuid(),
            fchmod(descriptor, status.st_mode & 0o7777) == 0
        else { throw lastFailure }
    }

    private static var lastFailure: Failure { Failure(reason: String(cString: strerror(errno))) }

    /// The largest file that the reader of HCL takes, so that it is the one to refuse more.
    private static let largest = 256 << 20
}

// The names of these two hide those of the system inside the type.
private let readBytes = read
private let writeBytes = write
