import HeirloomTensors

/// Times of repeated work, each run finished on its device before the clock stops.
struct Measurement {
    /// Seconds of the runs, sorted.
    let seconds: [Double]

    var median: Double { seconds[seconds.count / 2] }
    var fastest: Double { seconds[0] }

    /// Runs a body a few times to warm up, then measures it.
    init(runs: Int, warmup: Int = 3, on device: Device, _ body: () throws -> Void) rethrows {
        for _ in 0..<warmup { try body() }
        device.synchronize()
        let clock = ContinuousClock()
        seconds = try (0..<max(runs, 1)).map { _ in
            let start = clock.now
            try body()
            device.synchronize()
            let (whole, part) = (clock.now - start).components
            return Double(whole) + Double(part) * 1e-18
        }.sorted()
    }
}
