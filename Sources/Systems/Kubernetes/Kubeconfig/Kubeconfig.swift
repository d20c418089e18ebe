import Foundation
import Model

/// One or several merged kubeconfig files: which clusters there are and who to be there.
///
/// Reading and merging follow client-go v0.32 (`tools/clientcmd/loader.go`): the first file that
/// defines a name wins as a whole, `current-context` is that of the first file that has one, and
/// relative paths belong to the folder of the file that wrote them.
package struct Kubeconfig: Sendable {
    /// The context used when none is named. Nil when no file says so.
    package let currentContext: String?
    /// Where it came from, for messages: file names, or the origin given.
    package let origin: String

    let clusters: [String: Entry<KubeconfigDocument.Cluster>]
    let users: [String: Entry<KubeconfigDocument.User>]
    let contexts: [String: Entry<KubeconfigDocument.Context>]

    /// Reads a kubeconfig that is no file, such as a Terraform output.
    ///
    /// - Parameter origin: where the text came from, named in every problem.
    /// - Throws: a `Problem` when it is not a kubeconfig. Its contents never appear in it.
    package init(text: String, origin: String) throws {
        let source = Source(name: origin, folder: nil)
        try self.init(documents: [(source, KubeconfigDocument(text: text, origin: origin))])
    }

    /// Reads and merges files, in this order.
    ///
    /// - Parameter mayBeMissing: files that do not exist are passed over, as those of `KUBECONFIG`
    ///   are; otherwise a missing file is a `Problem`.
    package init(files: [String], mayBeMissing: Bool = false) throws {
        var documents: [(Source, KubeconfigDocument)] = []
        for path in files {
            if mayBeMissing, !FileManager.default.fileExists(atPath: path) { continue }
            let bytes = try BoundedFile.read(path, for: "kubeconfig")
            let source = Source(
                name: path, folder: URL(fileURLWithPath: path).deletingLastPathComponent())
            let text = String(decoding: bytes, as: UTF8.self)
            documents.append((source, try KubeconfigDocument(text: text, origin: path)))
        }
        try self.init(documents: documents, fallbackOrigin: files.joined(separator: ":"))
    }

    /// The files kubectl would read: those of `KUBECONFIG`, doubles dropped, or else the one in
    /// the home folder. Pass them with `mayBeMissing: true`.
    package static func usualFiles(environment: [String: String], home: String?) -> [String] {
        if let list = environment["KUBECONFIG"], !list.isEmpty {
            var seen: Set<String> = []
            return list.split(separator: ":").map(String.init).filter { seen.insert($0).inserted }
        }
        return home.map { ["\($0)/.kube/config"] } ?? []
    }

    /// The names of all contexts, sorted.
    package var contextNames: [String] { contexts.keys.sorted() }

    /// One named entry and the file that defined it.
    struct Entry<Value: Sendable>: Sendable {
        var value: Value
        var source: Source
    }

    /// A file, or a text that was never one and therefore has no folder.
    struct Source: Sendable {
        var name: String
        var folder: URL?
    }

    private init(
        documents: [(Source, KubeconfigDocument)], fallbackOrigin: String = "kubeconfig"
    ) throws {
        var clusters: [String: Entry<KubeconfigDocument.Cluster>] = [:]
        var users: [String: Entry<KubeconfigDocument.User>] = [:]
        var contexts: [String: Entry<KubeconfigDocument.Context>] = [:]
        for (source, document) in documents {
            try Self.merge(document.clusters, of: source, kind: "cluster", into: &clusters)
            try Self.merge(document.users, of: source, kind: "user", into: &users)
            try Self.merge(document.contexts, of: source, kind: "context", into: &contexts)
        }
        self.clusters = clusters
        self.users = users
        self.contexts = contexts
        currentContext = documents.lazy.compactMap(\.1.currentContext).first { !$0.isEmpty }
        let names = documents.map(\.0.name)
        origin = names.isEmpty ? fallbackOrigin : names.joined(separator: ":")
    }

    private static func merge<Value>(
        _ list: [KubeconfigDocument.Named<Value>], of source: Source, kind: String,
        into entries: inout [String: Entry<Value>]
    ) throws {
        var seen: Set<String> = []
        for item in list {
            guard seen.insert(item.name).inserted else {
                throw Problem(
                    .refused, "The kubeconfig defines the \(kind) \"\(item.name)\" twice.",
                    at: source.name, fix: "Remove one of the two entries.")
            }
            if entries[item.name] == nil {
                entries[item.name] = Entry(value: item.value, source: source)
            }
        }
    }
}
