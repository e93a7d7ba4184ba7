import Foundation
import HeirloomMedia

/// Compares what a job was begun with to what it would go on with, and names what differs.
enum JobDifferences {
    /// Settings that leave the samples and bytes of the result alone, or that are compared in another way.
    private static let indifferent: Set<String> = [
        "kind", "input", "output", "film.overwrite", "film.restart", "film.keepGoing", "film.shard", "film.devices",
        "film.queueBytes", "film.queueFrames", "color.device", "color.threads", "color.batch", "upscale.device",
        "upscale.threads", "upscale.batch", "clean.device", "clean.threads", "clean.overwrite", "clean.report",
    ]

    private static let names: [String: String] = [
        "color": "colouring", "color.model": "the model that colours", "color.renderSize": "the render size",
        "color.renderFactor": "the render factor", "color.keepsShape": "keeping the shape",
        "color.strength": "the strength of the colours", "color.stabilize": "the steadying of the colours",
        "color.precision": "the precision",
        "upscale": "enlarging", "upscale.model": "the model that enlarges", "upscale.target": "the size of the result",
        "upscale.strength": "the strength of the detail", "upscale.locksColor": "the lock on colours",
        "upscale.denoise": "the denoising", "upscale.tile": "the tile", "upscale.precision": "the precision",
        "clean": "the cleaning of the sound",
        "film.encoding.codec": "the codec", "film.encoding.quality": "the quality",
        "film.encoding.preset": "the preset",
        "film.fields": "the handling of fields", "film.from": "the start of the piece",
        "film.limit": "the length of the piece", "film.speed": "the speed",
        "film.segmentFrames": "the length of a segment", "film.encoderThreads": "the number of the encoder's threads",
    ]

    /// Settings as a flat list of names and values.
    static func settings(of description: JobDescription) -> [String: String] {
        guard let tree = try? JSONDecoder().decode(JSONTree.self, from: JobFiles.encoded(description)) else {
            preconditionFailure("settings that were just written cannot be read")
        }
        return tree.flat.filter { key, _ in !indifferent.contains { key == $0 || key.hasPrefix($0 + ".") } }
    }

    /// What differs, as clauses: "the strength was 1 and is now 1.2".
    static func clauses(_ before: [String: String], _ now: [String: String]) -> [String] {
        var clauses: [String] = []
        for key in Set(before.keys).union(now.keys).sorted() where before[key] != now[key] {
            // Of a whole group that is there or not, one line is enough.
            if let group = key.split(separator: ".").first.map(String.init), names[group] != nil {
                let (had, has) = (hasGroup(group, before), hasGroup(group, now))
                if had != has {
                    let clause = "\(names[group] ?? group) was \(had ? "on" : "off") and is now \(has ? "on" : "off")"
                    if !clauses.contains(clause) { clauses.append(clause) }
                    continue
                }
            }
            clauses.append("\(name(of: key)) was \(before[key] ?? "not set") and is now \(now[key] ?? "not set")")
        }
        return clauses
    }

    /// The same for two lists of versions or digests.
    static func clauses(_ what: String, _ before: [String: String], _ now: [String: String], shortened: Bool)
        -> [String]
    {
        Set(before.keys).union(now.keys).sorted().filter { before[$0] != now[$0] }.map { key in
            func text(_ value: String?) -> String { value.map { shortened ? String($0.prefix(12)) : $0 } ?? "none" }
            return "\(what)\(key) was \(text(before[key])) and is now \(text(now[key]))"
        }
    }

    /// What differs between two sources.
    static func clauses(_ before: SourceIdentity, _ now: SourceIdentity, path: String) -> [String] {
        if before.isSame(as: now) { return [] }
        guard before.byteCount == now.byteCount else {
            return ["the film '\(path)' had \(before.byteCount) bytes and now has \(now.byteCount)"]
        }
        return ["the film '\(path)' is as long as it was but has other content"]
    }

    /// The differences of what two records say was chosen, and of how the work is divided.
    static func clauses(_ before: JobRecord, _ now: JobRecord) -> [String] {
        func compare(_ name: String, _ before: some CustomStringConvertible, _ now: some CustomStringConvertible)
            -> [String]
        {
            before.description == now.description ? [] : ["\(name) was \(before) and is now \(now)"]
        }
        return compare("the kind of device", before.choices.deviceKind, now.choices.deviceKind)
            + compare("the precision", before.choices.precision, now.choices.precision)
            + compare(
                "the number of frames that are computed as one (--batch)", before.choices.group, now.choices.group)
            + compare("the tile", before.choices.tile, now.choices.tile)
            + compare("the length of a segment", before.segmentFrames, now.segmentFrames)
            + compare("the number of the encoder's threads", before.encoderThreads, now.encoderThreads)
            + (before.format == now.format ? [] : ["the format of the result differs"])
    }

    private static func hasGroup(_ group: String, _ settings: [String: String]) -> Bool {
        settings.keys.contains { $0.hasPrefix(group + ".") }
    }

    private static func name(of key: String) -> String {
        if let name = names[key] { return name }
        if let prefix = names.keys.filter({ key.hasPrefix($0 + ".") && $0.contains(".") }).max(by: {
            $0.count < $1.count
        }),
            let name = names[prefix]
        {
            return name
        }
        return "the setting \(key)"
    }
}

/// Any JSON, for comparing settings by name.
private enum JSONTree: Decodable {
    case leaf(String)
    case list([JSONTree])
    case object([String: JSONTree])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .leaf("not set")
        } else if let value = try? container.decode(Bool.self) {
            self = .leaf(value ? "on" : "off")
        } else if let value = try? container.decode(Int.self) {
            self = .leaf("\(value)")
        } else if let value = try? container.decode(Double.self) {
            self = .leaf("\(value)")
        } else if let value = try? container.decode(String.self) {
            self = .leaf(value)
        } else if let value = try? container.decode([JSONTree].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONTree].self))
        }
    }

    /// The leaves by their path.
    var flat: [String: String] {
        switch self {
        case .leaf(let text): return ["": text]
        case .list(let parts): return Self.joined(parts.enumerated().map { ("\($0.offset)", $0.element) })
        case .object(let parts): return Self.joined(parts.map { ($0.key, $0.value) })
        }
    }

    private static func joined(_ parts: [(String, JSONTree)]) -> [String: String] {
        var result: [String: String] = [:]
        for (key, part) in parts {
            for (rest, text) in part.flat { result[rest.isEmpty ? key : key + "." + rest] = text }
        }
        return result
    }
}
