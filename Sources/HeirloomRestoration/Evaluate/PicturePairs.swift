import Foundation
import HeirloomMedia

/// Pictures of two folders that belong together, by their names.
///
/// Endings and the usual suffixes do not count: `img_001_SRF_4_HR.png` belongs to `img_001_SRF_4_LR.png`, `baby.png` to
/// `babyx4.png`, `a_HR.tif` to `a_LR.png` and `a_SR.png`. One folder may hold both kinds, told apart by the suffixes.
struct PicturePairs {
    /// What a suffix says of a picture.
    enum Role: Sendable { case truth, small, result }

    /// A pair.
    struct Pair: Sendable, Hashable {
        /// What both names have in common.
        let name: String
        /// The true picture's path.
        let truth: String
        /// The other picture's path.
        let other: String
    }

    /// In the order of their names.
    let pairs: [Pair]

    /// Looks into both folders.
    ///
    /// - Parameter role: what the other folder holds.
    /// - Throws: `MediaError` for folders that cannot be read or hold no picture, `RestorationError` naming every picture
    ///   without a partner.
    init(truth: String, other: String, role: Role) throws {
        let truths = try Self.pictures(truth, for: [.truth])
        let others = try Self.pictures(other, for: [role])
        let alone = truths.keys.filter { others[$0] == nil }.compactMap { truths[$0] }
        let orphans = others.keys.filter { truths[$0] == nil }.compactMap { others[$0] }
        guard alone.isEmpty, orphans.isEmpty else {
            var parts: [String] = []
            if !alone.isEmpty { parts.append("'\(other)' has no partner for \(Self.list(alone))") }
            if !orphans.isEmpty { parts.append("'\(truth)' has none for \(Self.list(orphans))") }
            throw RestorationError(
                .badRequest,
                "Pictures are paired by their names, but \(parts.joined(separator: " and ")); remove them, or give them the "
                    + "names of their partners.")
        }
        pairs = truths.keys.sorted().compactMap { name in
            guard let first = truths[name], let second = others[name] else { return nil }
            return Pair(name: name, truth: truth + "/" + first, other: other + "/" + second)
        }
    }

    private static let endings: Set<String> = [
        "png", "jpg", "jpeg", "tif", "tiff", "webp", "bmp", "ppm", "heic", "avif",
    ]

    /// File names by what they have in common with their partners.
    private static func pictures(_ folder: String, for wanted: Set<Role>) throws -> [String: String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw MediaError(
                .notFound, "look into", path: folder, reason: "it is not a folder that can be read",
                advice: "give a folder of pictures")
        }
        var found: [String: String] = [:]
        for file in names.sorted() where !file.hasPrefix(".") {
            let ending = (file as NSString).pathExtension.lowercased()
            guard endings.contains(ending) else { continue }
            let (name, role) = common((file as NSString).deletingPathExtension)
            guard role.map(wanted.contains) ?? true else { continue }
            if let twin = found.updateValue(file, forKey: name) {
                throw RestorationError(
                    .badRequest,
                    "In '\(folder)' both \(twin) and \(file) would be \(name); keep one of them, or name them differently."
                )
            }
        }
        guard !found.isEmpty else {
            throw MediaError(
                .noPicture, "look into", path: folder, reason: "it holds no picture of the wanted kind",
                advice: "give a folder of PNG, TIFF or JPEG pictures")
        }
        return found
    }

    /// A name without its suffix, and what the suffix says.
    static func common(_ stem: String) -> (name: String, role: Role?) {
        let marked = #/(?i)^(.+?)(?:_SRF_\d+)?_(HR|GT|LR|SR|out)$/#
        if let match = stem.wholeMatch(of: marked) {
            let role: Role =
                switch match.2.lowercased() {
                case "hr", "gt": .truth
                case "lr": .small
                default: .result
                }
            return (String(match.1), role)
        }
        if let match = stem.wholeMatch(of: #/(.*[^\dx])x([2348])/#), !match.1.isEmpty {
            return (String(match.1), .small)
        }
        if let match = stem.wholeMatch(of: #/(\d+)x([2348])/#) { return (String(match.1), .small) }
        return (stem, nil)
    }

    private static func list(_ files: [String]) -> String {
        let shown = files.sorted().prefix(5).joined(separator: ", ")
        return files.count > 5 ? "\(shown) and \(files.count - 5) more" : shown
    }
}
