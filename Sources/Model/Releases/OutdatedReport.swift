/// What is newer than what runs, and what to think of it.
package struct OutdatedReport: Sendable, Equatable {
    package var clusterName: String
    /// Seconds since 1970, UTC.
    package var madeAt: Double
    /// The oldest Talos that runs; nil when it is not known.
    package var talos: Version?
    package var kubernetes: Version?
    package var items: [Item]
    /// Where the releases come from, and what was odd.
    package var sources: [Source]
    package var remarks: [String]

    package init(
        clusterName: String, madeAt: Double, talos: Version?, kubernetes: Version?, items: [Item],
        sources: [Source], remarks: [String]
    ) {
        self.clusterName = clusterName
        self.madeAt = madeAt
        self.talos = talos
        self.kubernetes = kubernetes
        self.items = items
        self.sources = sources
        self.remarks = remarks
    }

    /// Whether the cadence asks for something now.
    package var isDue: Bool { items.contains { $0.verdict.isDue } }

    /// One newer version.
    package struct Item: Sendable, Equatable {
        package var product: Product
        package var step: Step
        package var from: Version
        package var to: Version
        /// Seconds since 1970; nil when the day is not known.
        package var publishedAt: Double?
        package var risk: Risk
        /// What the risk is made of, and what to know before.
        package var findings: [Finding]
        package var verdict: Verdict
        /// The versions on the way, the last one included: `v1.10.9`, `v1.11.6`.
        package var way: [String]
        /// What to type. Nil when it is not to be taken now.
        package var command: String?
        /// Of the new version, and of the first release of each minor on the way.
        package var notes: [ReleaseNotes]

        package init(
            product: Product, step: Step, from: Version, to: Version, publishedAt: Double?,
            risk: Risk, findings: [Finding], verdict: Verdict, way: [String], command: String?,
            notes: [ReleaseNotes] = []
        ) {
            self.product = product
            self.step = step
            self.from = from
            self.to = to
            self.publishedAt = publishedAt
            self.risk = risk
            self.findings = findings
            self.verdict = verdict
            self.way = way
            self.command = command
            self.notes = notes
        }
    }

    /// How far the new version is from the old.
    package enum Step: String, Sendable, Equatable, CaseIterable { case patch, minor }

    package enum Risk: String, Sendable, Equatable, CaseIterable, Comparable {
        case low, medium, high
        package static func < (left: Risk, right: Risk) -> Bool { left.rank < right.rank }
        private var rank: Int {
            switch self {
            case .low: 0
            case .medium: 1
            case .high: 2
            }
        }
    }

    /// What the cadence says.
    package enum Verdict: Sendable, Equatable {
        /// Due; by this day (seconds since 1970), nil when the release's day is not known.
        case due(by: Double?)
        /// It should have been taken by this day.
        case overdue(since: Double)
        /// May be taken; nothing presses.
        case optional
        /// Not yet: for what it waits.
        case wait(String)

        package var isDue: Bool {
            switch self {
            case .due, .overdue: true
            case .optional, .wait: false
            }
        }
    }

    /// Where the releases of a product come from.
    package struct Source: Sendable, Equatable {
        package var product: Product
        package var origin: ReleaseList.Origin
        package var remark: String?

        package init(product: Product, origin: ReleaseList.Origin, remark: String?) {
            self.product = product
            self.origin = origin
            self.remark = remark
        }
    }
}
