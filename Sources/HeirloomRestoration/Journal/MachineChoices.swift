import HeirloomTensors

/// What settings left to the machine, so that the rest of a film is treated like its beginning.
public struct MachineChoices: Sendable, Hashable, Codable {
    /// The device that the network computes on; empty where nothing is computed.
    public var device = ""
    /// The number type that it computes in.
    public var precision = ""
    /// Frames per call.
    public var batch = 0
    /// Frames that are computed as one: what last digits hang on, where a batch is only how many wait for each other.
    public var group = 0
    /// The side of a tile; 0 where pictures are not taken apart.
    public var tile = 0
    /// The vector instructions that a CPU computes with, such as `AVX512`; empty on other devices.
    public var instructions = ""

    /// Nothing was chosen.
    public init() {}

    init(_ summary: StageSummary) {
        device = summary.device
        precision = summary.precision
        batch = summary.batch
        group = summary.group
        tile = summary.tile
        if deviceKind == Device.cpu.description { instructions = Runtime.cpuCapability }
    }

    /// Reads choices; work of an earlier form knew no groups but whole batches.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        device = try container.decode(String.self, forKey: .device)
        precision = try container.decode(String.self, forKey: .precision)
        batch = try container.decode(Int.self, forKey: .batch)
        group = try container.decodeIfPresent(Int.self, forKey: .group) ?? batch
        tile = try container.decode(Int.self, forKey: .tile)
        instructions = try container.decodeIfPresent(String.self, forKey: .instructions) ?? ""
    }

    /// The batch, where it is computed as one; nil where its size makes no difference to the frames.
    var fixedBatch: Int? { batch > 0 && group >= batch ? batch : nil }

    /// The kind of device without its number: which of several alike did the work makes no difference.
    var deviceKind: String { String(device.prefix { $0 != ":" }) }
}

extension JobDescription {
    /// The same job with nothing left to choose that was chosen before.
    func settled(by choices: MachineChoices) -> JobDescription {
        var job = self
        if job.color != nil {
            if job.color?.precision == .auto { job.color?.precision = Precision(rawValue: choices.precision) ?? .auto }
            if job.color?.batch == nil { job.color?.batch = choices.fixedBatch }
        } else if job.upscale != nil {
            if job.upscale?.precision == .auto {
                job.upscale?.precision = Precision(rawValue: choices.precision) ?? .auto
            }
            if job.upscale?.batch == nil { job.upscale?.batch = choices.fixedBatch }
        }
        if job.upscale != nil, job.upscale?.tile == nil, choices.tile > 0 { job.upscale?.tile = choices.tile }
        if let device = DeviceChoice(choices.device) {
            // Left to the machine, the device is that of the beginning; a named one of the same kind serves as well.
            if job.color?.device == .auto { job.color?.device = device }
            if job.upscale?.device == .auto { job.upscale?.device = device }
        }
        return job
    }

    /// The same job on another device.
    func on(_ device: DeviceChoice) -> JobDescription {
        var job = self
        if job.color != nil { job.color?.device = device }
        if job.upscale != nil { job.upscale?.device = device }
        return job
    }
}
