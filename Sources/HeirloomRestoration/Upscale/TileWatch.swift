import HeirloomTensors
import HeirloomWorkers

/// Shows how many tiles of a picture are done and when it will be finished, says so when that is long, and stops the
/// work between two tiles.
final class TileWatch {
    /// From how many expected seconds on the user is told.
    static let patience = 60.0
    /// Tiles of fewer pixels than this times the smallest tile are quick enough to wait for the first.
    private static let quick = 4

    private let monitor: JobMonitor
    private let name: String
    private var left = 0
    private var began: ContinuousClock.Instant?
    private var spent = 0.0
    private var done = 0
    private var hasTold = false
    private var isDeep = false

    /// A watch for a picture of that name.
    init(_ monitor: JobMonitor, _ name: String) {
        self.monitor = monitor
        self.name = name
    }

    /// Follows a network through a picture.
    ///
    /// - Throws: what the network throws when its speed is measured.
    func follow(_ network: TiledRestorer, _ plan: Tiler.Plan) throws {
        let meter = ProgressMeter(unit: "tiles", total: plan.count, window: .seconds(600))
        monitor.show(meter)
        left = plan.count
        // A network that sees farther than any tile is a deep one.
        isDeep = network.tiler.blend > 0
        let pixels = plan.rows.tile * plan.columns.tile
        // A large tile takes minutes on a processor: nobody should wait that long to learn how long it takes.
        if network.device == .cpu, pixels > Self.quick * network.tiler.smallestTile * network.tiler.smallestTile {
            forecast(secondsPerTile: try network.expectedSeconds(pixels: pixels))
        }
        network.beforeTile = { [self, monitor] in
            try monitor.flag.check()
            began = .now
        }
        network.afterTile = { [self] in
            spent += began.map { (ContinuousClock.now - $0) / .seconds(1) } ?? 0
            done += 1
            left -= 1
            meter.advance()
            forecast(secondsPerTile: spent / Double(done))
        }
    }

    private func forecast(secondsPerTile: Double) {
        let seconds = secondsPerTile * Double(left)
        monitor.expect(end: .now + .seconds(seconds))
        guard !hasTold, seconds > Self.patience else { return }
        hasTold = true
        monitor.tell(Self.sentence(name, seconds: seconds, isDeep: isDeep))
    }

    /// How long a picture will take, and what is faster.
    static func sentence(_ name: String, seconds: Double, isDeep: Bool) -> String {
        let minutes = max(1, Int((seconds / 60).rounded()))
        let time =
            minutes == 1 ? "a minute" : minutes < 120 ? "\(minutes) minutes" : "\((minutes + 30) / 60) hours"
        let advice =
            isDeep ? "; --model realesr-animevideov3-x4 is some twenty times faster, with less fine texture" : ""
        return "'\(name)' will take about \(time)\(advice)."
    }
}
