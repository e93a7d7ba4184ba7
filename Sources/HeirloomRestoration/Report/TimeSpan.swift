import Foundation
import HeirloomMedia

/// From when to when something lasts on a film's own clock.
public struct TimeSpan: Sendable, Equatable {
    /// When it begins, in seconds.
    public var start: Double
    /// When it ends, in seconds.
    public var end: Double
    /// How long it is, in seconds.
    public var length: Double { end - start }

    /// A span from its ends.
    public init(start: Double, end: Double) {
        self.start = start
        self.end = end
    }
}

extension TimeSpan {
    /// When the sound of a film that players choose is heard; nil where there is none that can be read.
    ///
    /// The length is what the container states of that very track, and where it states none, what decoding gives.
    /// - Throws: what `check` throws.
    static func sound(of film: MediaSummary, check: () throws -> Void) throws -> TimeSpan? {
        guard let reader = try? AudioReader(contentsOf: URL(fileURLWithPath: film.path)) else { return nil }
        let info = reader.info
        let tracks = film.streams.filter { $0.kind == .audio }
        if tracks.indices.contains(info.track), let length = tracks[info.track].duration {
            return TimeSpan(start: info.startTime, end: info.startTime + length.seconds)
        }
        // Damage does not end the reading; a disk that fails does, and the length is what there was up to then.
        while let chunk = try? reader.read(1 << 16), chunk.count > 0 { try check() }
        return TimeSpan(start: info.startTime, end: info.startTime + Double(reader.position) / Double(info.sampleRate))
    }
}
