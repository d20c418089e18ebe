/// How the machine configs of a lab are written. All say the same.
package enum ConfigStyle: String, Sendable, Codable, CaseIterable {
    /// As Talos generates them: one document, nothing but values.
    case plain
    /// Several documents, comments everywhere, images in every quoting style, one of them from a
    /// mirror and one pinned by its digest.
    case commented
    /// Anchors, aliases and merge keys.
    case anchored
    /// Lines that end in CRLF.
    case crlf
    /// The components of Kubernetes in documents of their own (Talos 1.14 and later).
    case documents
}
