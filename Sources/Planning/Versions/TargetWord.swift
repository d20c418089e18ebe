package import Model

/// What is typed as a version: a number, `latest` or `latest-patch`.
package enum TargetWord {
    /// The version meant.
    ///
    /// `latest` is the newest stable release that this `bump` knows the rules of and, for
    /// Kubernetes, that the running Talos supports; `latest-patch` the newest of the running
    /// minor. Withdrawn releases are never meant by a word.
    ///
    /// - Parameters:
    ///   - running: the oldest version that runs; nil when it is not known.
    ///   - talos: the running Talos, which bounds `latest` of Kubernetes.
    /// - Throws: a `.usage` problem for anything else, a `.refused` one when no release fits.
    package static func resolve(
        _ text: String, _ product: Product, running: Version?, talos: Version? = nil,
        known: KnownReleases
    ) throws(Problem) -> Version {
        switch text {
        case "latest":
            let fits = known[product].usable.last {
                isCovered($0.version, product, talos: talos) && $0.version >= running ?? $0.version
            }
            return try found(fits?.version, text, product)
        case "latest-patch":
            guard let running else {
                throw Problem(
                    .refused, "Which \(product.title) runs is not known, so \(text) means nothing.",
                    fix: "bump status --verbose")
            }
            let newest = known[product].newest(in: running.series)?.version
            return try found(newest.map { max($0, running) }, text, product)
        default:
            if let version = Version(text) { return version }
            throw mistyped(text, product)
        }
    }

    /// Refuses what is neither a version nor a word, before anything is looked at.
    package static func check(_ text: String, _ product: Product) throws(Problem) {
        if ["latest", "latest-patch"].contains(text) || Version(text) != nil { return }
        throw mistyped(text, product)
    }

    private static func mistyped(_ text: String, _ product: Product) -> Problem {
        let newest = Version.Series(text).flatMap { BundledReleases.known[product].newest(in: $0) }
        let usual = product == .talos ? Version(1, 9, 4) : Version(1, 32, 2)
        let example = product.spelling(newest?.version ?? usual)
        return Problem(
            .usage, "\(text) is not a \(product.title) version.",
            details: [
                "A version has three numbers, such as \(example); or latest, or latest-patch."
            ],
            fix: "bump \(product.rawValue) \(example) --plan")
    }

    private static func isCovered(_ version: Version, _ product: Product, talos: Version?) -> Bool {
        switch product {
        case .talos: TalosSeries.of(version.series) != nil
        case .kubernetes:
            talos.flatMap { TalosSeries.of($0.series) }?.kubernetes.contains(version.series)
                ?? (KubernetesSeries.of(version.series) != nil)
        }
    }

    private static func found(
        _ version: Version?, _ text: String, _ product: Product
    ) throws(Problem) -> Version {
        guard let version else {
            throw Problem(
                .refused, "No \(product.title) release is known that \(text) could mean.",
                fix: "name a version, or see them: bump outdated")
        }
        return version
    }
}
