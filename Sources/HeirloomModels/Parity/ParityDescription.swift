import Foundation
public import HeirloomTensors

/// One description of the colouriser's kit, whose weights and inputs are made by 32-bit formulas.
public struct ParityDescription {
    /// The file's name without its ending; with a slash and a key for one entry of a description of small cases.
    public let name: String
    /// The key of such an entry, nil for a whole description.
    public let key: String?
    /// What it says.
    public let json: JSONValue
    /// What weights and inputs are made of.
    public let noise: KeyedNoise32
    /// The folder of the kit.
    let folder: String

    /// Runs a description, or says by nil that it is none of its own.
    public typealias Runner = (ParityDescription) throws -> [ParityResult]?

    /// A description that states its seed, nil for another.
    init?(_ name: String, _ json: JSONValue, folder: String) {
        guard let seed = json["seed"]?.text else { return nil }
        self.init(name, key: nil, json, KeyedNoise32(seed: seed), folder: folder)
    }

    private init(_ name: String, key: String?, _ json: JSONValue, _ noise: KeyedNoise32, folder: String) {
        self.name = name
        self.key = key
        self.json = json
        self.noise = noise
        self.folder = folder
    }

    /// One entry of a description of small cases.
    func entry(_ key: String, _ json: JSONValue) -> ParityDescription {
        ParityDescription("\(name)/\(key)", key: key, json, noise, folder: folder)
    }

    /// The tensors beside the description, nil where that file is not in the folder.
    /// - Throws: `TensorFileError` when it is damaged.
    public func tensors() throws -> SafetensorsFile? {
        let path = "\(folder)/\(name).safetensors"
        return FileManager.default.fileExists(atPath: path) ? try SafetensorsFile(path: path) : nil
    }

    /// The shape that an entry of the description states under a key, nil for one that no picture has.
    public static func pictureShape(_ entry: JSONValue, _ key: String) -> [Int]? {
        guard let shape = entry[key]?.integers, shape.count == 4, shape[1] == 3,
            shape.allSatisfy({ (1...4096).contains($0) })
        else { return nil }
        return shape
    }
}

extension ParityMeter {
    /// Compares a tensor with the statistics that the colouriser's kit states: shape, mean, deviation, range, the sum of
    /// magnitudes, the first and the last elements.
    public mutating func compare(_ found: Tensor, statistics: JSONValue?) {
        guard let statistics, statistics["shape"]?.integers ?? found.shape == found.shape,
            let first = statistics["first8"]?.numbers, let last = statistics["last4"]?.numbers,
            let low = statistics["min"]?.number, let high = statistics["max"]?.number
        else { return compare([], [0]) }
        let values: [Double] = found.detached().to(dtype: .float64).scalars()
        let range = high > low ? high - low : nil
        compare(Array(values.prefix(first.count)), first, range: range)
        compare(Array(values.suffix(last.count)), last, range: range)
        compare([values.min() ?? 0, values.max() ?? 0], [low, high], range: range)
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        if let expected = statistics["mean"]?.number { compare([mean], [expected], range: range) }
        if let expected = statistics["std"]?.number { compare([variance.squareRoot()], [expected], range: range) }
        if let expected = statistics["abs_sum"]?.number {
            let sum = values.reduce(0) { $0 + abs($1) }
            compare([sum / Double(values.count)], [expected / Double(values.count)], range: range)
        }
    }
}
