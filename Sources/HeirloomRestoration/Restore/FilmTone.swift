import Foundation
import HeirloomMedia

/// Whether a film has colours.
public enum FilmTone: Sendable, Hashable, Codable {
    /// None anywhere.
    case grey
    /// One weak tone all over, as yellowed prints and sepia have it.
    case toned
    /// Tones that change or are strong, but never two in one picture: a tinted film.
    case tinted
    /// Colours in so many of the places looked at.
    case colored(places: Int, of: Int)
    /// Too dark, too bright or too short to tell.
    case unknown

    /// Places looked at.
    static let places = 48
    /// Below this strength a frame is grey, in codes of 8 bits: films without colour came out at 1.5 and less, faded
    /// colour at 29 and more.
    private static let greyStrength = 4.0
    /// Below this variety a frame has one tone: toned pictures came out at 0.2 to 4, coloured ones at 20 and more.
    private static let tonedVariety = 3.0
    /// The strength up to which a tone counts as weak, and how far it may move.
    private static let weakTone = (strength: 30.0, movement: 6.0)

    /// Looks at frames spread over a film.
    ///
    /// - Throws: what reading the film throws.
    static func look(at path: String, options: VideoReaderOptions, check: () throws -> Void) throws -> FilmTone {
        let sampler = try FilmSampler(path: path, options: options)
        let color = sampler.format.color
        guard !color.isHighDynamicRange, sampler.format.pixelFormat.chroma != .grey else {
            return color.isHighDynamicRange ? .unknown : .grey
        }
        var tones: [FrameTone] = []
        let seconds = (sampler.summary.film?.duration ?? sampler.summary.duration)?.seconds ?? 0
        var seeks = seconds > 4
        for place in 0..<places {
            try check()
            if seeks {
                let time = MediaTime(seconds: seconds * (Double(place) + 0.5) / Double(places))
                seeks = try sampler.go(to: time)
            }
            // What cannot be searched, and what is short, is read from where it stands, every eighth frame.
            if !seeks { for _ in 0..<7 { _ = try sampler.next() } }
            guard let frame = try sampler.next() else { break }
            if !frame.isCorrupt, let tone = FrameTone(frame) { tones.append(tone) }
        }
        return verdict(tones)
    }

    /// What the frames say together.
    static func verdict(_ tones: [FrameTone]) -> FilmTone {
        guard !tones.isEmpty else { return .unknown }
        if tones.allSatisfy({ $0.strength < greyStrength }) { return .grey }
        let colored = tones.count { $0.strength >= greyStrength && $0.variety >= tonedVariety }
        if colored > 0 { return .colored(places: colored, of: tones.count) }
        let blue = tones.map(\.blue).reduce(0, +) / Double(tones.count)
        let red = tones.map(\.red).reduce(0, +) / Double(tones.count)
        let isEven = tones.allSatisfy {
            hypot($0.blue - blue, $0.red - red) < weakTone.movement && $0.strength < weakTone.strength
        }
        return isEven ? .toned : .tinted
    }
}
