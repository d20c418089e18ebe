/// How soon a newer version is taken: the settings `cadence.*` of `.bump.yaml`.
package struct Cadence: Sendable, Equatable {
    /// A patch is taken within this time after its release.
    package var patch: Duration
    /// The patch of a new Talos minor from which it may be taken, and from which it is due.
    package var talosMinor: ClosedRange<Int>
    /// The same of a new Kubernetes minor.
    package var kubernetesMinor: ClosedRange<Int>

    package init(
        patch: Duration = .seconds(7 * 86_400), talosMinor: ClosedRange<Int> = 1...2,
        kubernetesMinor: ClosedRange<Int> = 1...1
    ) {
        self.patch = patch
        self.talosMinor = talosMinor
        self.kubernetesMinor = kubernetesMinor
    }
}
