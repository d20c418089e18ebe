import Execution
import Foundation
import Model
import Planning
import Releases

extension Workspace {
    /// The Image Factory and the release feeds: those of the settings, else the public ones.
    struct ReleaseSources: Sendable {
        let factory: FactoryClient
        let feeds: ReleaseFeeds
    }

    /// Makes the clients; nothing is asked yet. Throws a `Problem` when an address is none.
    func releaseSources() throws -> ReleaseSources {
        let web = WebClient()
        let factory = FactoryClient(
            try ServiceAddress(
                settings.factoryURL ?? FactoryClient.official, setting: "factory.url"),
            web: web, bundled: BundledExtensions.catalog)
        let clock = world.clock
        let feeds = ReleaseFeeds(
            try ServiceAddress(
                settings.releasesURL ?? ReleaseFeeds.official, setting: "releases.url"),
            web: web, cache: releaseCache, bundled: BundledReleases.known, factory: factory,
            markers: try ServiceAddress(
                settings.releasesURL ?? ReleaseFeeds.officialMarkers, setting: "releases.url"),
            now: { clock().wall })
        return ReleaseSources(factory: factory, feeds: feeds)
    }

    /// `bump/releases` in the user's cache folder (XDG Base Directory Specification: a relative
    /// path there is ignored). Nil without a home.
    private var releaseCache: String? {
        let set = world.environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (set ?? world.home.map { $0 + "/.cache" }).map { $0 + "/bump/releases" }
    }
}
