import HeirloomMedia
import HeirloomMediaTensors
import HeirloomSignals
import HeirloomTensors
import HeirloomWorkers

/// Makes still pictures larger, in 8 or 16 bits, grey or coloured, with their opacity and metadata.
///
/// Rows are read, enlarged and written in bands, so that memory holds neither the picture nor its result.
final class StillUpscaler: StillTreatment {
    private let settings: UpscaleSettings
    private let makeRestorer: () throws -> TiledRestorer
    private var made: TiledRestorer?

    /// The treatment for settings, on the thread that makes it; the network is loaded for the first picture that needs
    /// it.
    ///
    /// - Throws: `badRequest` where settings make no sense.
    convenience init(_ settings: UpscaleSettings) throws {
        try self.init(settings) { try settings.restorerForStills() }
    }

    init(_ settings: UpscaleSettings, restorer: @escaping () throws -> TiledRestorer) throws {
        try settings.validate()
        self.settings = settings
        makeRestorer = restorer
    }

    func perform(
        _ input: String, to output: String, _ still: StillSettings, pictures: ProgressMeter, _ monitor: JobMonitor
    ) throws -> StillReport {
        monitor.show(pictures)
        let report = try perform(input, to: output, still, monitor)
        pictures.advance()
        return report
    }

    /// Reads a picture, enlarges it and writes the result; shows its tiles while that lasts.
    func perform(
        _ input: String, to output: String, _ still: StillSettings, _ monitor: JobMonitor
    ) throws -> StillReport {
        let start = ContinuousClock.now
        let reader = try StillStripReader(path: input)
        let layout = reader.layout
        var notes: [String] = []
        let enlargement = try enlargement(of: layout)
        let usesNetwork = enlargement.usesNetwork(width: layout.width, height: layout.height)
        if !usesNetwork, settings.strength > 0 {
            notes.append("it is at least that large already: resampled, without the network")
        }
        do {
            return try withoutGradients {
                let network = usesNetwork ? try restorer() : nil
                let source = Self.rows(of: reader, device: network?.device ?? .cpu)
                let before = network?.notes.count ?? 0
                let result = try self.result(
                    of: source, layout, network, enlargement, TileWatch(monitor, input))
                let written = try write(result, layout, from: input, to: output, still, monitor)
                notes += reader.notes + (network.map { Array($0.notes[before...]) } ?? []) + written
                return StillReport(
                    input: input, output: output, width: result.width, height: result.height,
                    bitDepth: layout.depth.rawValue, notes: notes,
                    seconds: (ContinuousClock.now - start) / .seconds(1),
                    renderWidth: usesNetwork ? layout.width : 0, renderHeight: usesNetwork ? layout.height : 0)
            }
        } catch let error as TorchError {
            throw UpscaleFailure.error(error, naming: "'\(input)'")
        }
    }

    /// The picture as it is read.
    private static func rows(of reader: StillStripReader, device: Device) -> RowStream {
        let layout = reader.layout
        return RowStream(height: layout.height, width: layout.width) { wanted in
            let rows = max(wanted.count, RowStream.stepRows(width: layout.width))
            guard let strip = try reader.read(rows: rows) else {
                preconditionFailure("the picture ended before its last row")
            }
            return Tensor(samples: strip).to(device: device)
        }
    }

    private func restorer() throws -> TiledRestorer {
        if let made { return made }
        let new = try makeRestorer()
        made = new
        return new
    }

    /// The size of the result, and how the network's part in it is treated.
    private func enlargement(of layout: StillLayout) throws -> Enlargement {
        let (width, height) = (layout.width, layout.height)
        // Only the network knows its scale.
        let target = try settings.target ?? .factor(Double(restorer().scale))
        var size = try target.size(width: width, height: height)
        var originalMaximum: Int?
        if settings.isOriginal, case .factor(let factor) = target {
            let cut = LanczosResizing.size(height: height, width: width, scale: factor)
            size = (max(1, cut.width), max(1, cut.height))
            originalMaximum = layout.depth.maximum
        }
        return Enlargement(
            width: size.width, height: size.height, strength: settings.strength, locksColor: settings.locksColor,
            originalMaximum: originalMaximum)
    }

    private func result(
        of source: RowStream, _ layout: StillLayout, _ network: TiledRestorer?, _ enlargement: Enlargement,
        _ watch: TileWatch
    ) throws -> RowStream {
        guard let network else { return enlargement.result(of: source, network: nil) }
        let whole = settings.isOriginal ? (width: layout.width, height: layout.height) : nil
        let plan = network.tiler.plan(
            height: layout.height, width: layout.width, tile: settings.tile ?? network.automaticTile(wholeOf: whole),
            channels: layout.channels.count)
        try watch.follow(network, plan)
        let enlarged = network.enlarged(source, plan: plan, keepsEvenOpacity: !settings.isOriginal)
        return enlargement.result(of: source, network: enlarged)
    }

    /// Writes the result, a few rows at a time.
    private func write(
        _ result: RowStream, _ layout: StillLayout, from input: String, to output: String, _ still: StillSettings,
        _ monitor: JobMonitor
    ) throws -> [String] {
        let layout = layout.resized(width: result.width, height: result.height)
        let writer = try StillStripWriter(
            path: output, layout: layout, options: still.writing, inputs: [input], overwrite: still.overwrite)
        let reader = result.reader()
        let step = RowStream.stepRows(width: result.width)
        for top in stride(from: 0, to: result.height, by: step) {
            try monitor.flag.check()
            let rows = try recovering { try reader.rows(top..<min(top + step, result.height)).to(device: .cpu) }
            try writer.write(StillImage(samples: rows, depth: layout.depth))
        }
        return try writer.finish()
    }
}
