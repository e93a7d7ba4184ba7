import HeirloomTensors

/// Compares two recordings window by window, the second one read along a clock map.
struct WindowCorrelator {
    let reference: any AnalysisSource
    let file: any AnalysisSource
    let phat: WeightedPHAT

    private static let rate = Double(AnalysisSamples.sampleRate)
    /// Samples by which two clocks may part within a window and still be compared as they are: the middles are laid over
    /// each other, so that both ends are off by half of it, an eighth of a turn at 2 kHz. Reading the file along its line
    /// instead took most of the time.
    private static let smear = 1.5
    /// How many windows are transformed at once: bounds the memory, not the result. Preparing a transform costs as much
    /// as several of them, so few large batches are twice as fast as many small ones.
    private static let batch = 48

    /// One window: where it begins in the reference, and how the file is read there.
    struct Window {
        /// The first sample in the reference.
        let start: Int
        /// File seconds at reference second 0, by the window's line.
        let file: Double
        /// File seconds in a reference second.
        let rate: Double

        init(start: Double, piece: ClockMap.Piece) {
            self.start = Int((start * WindowCorrelator.rate).rounded())
            (file, rate) = (piece.fileTime(at: 0), piece.rate)
        }
    }

    /// Correlations of each window.
    ///
    /// - Parameters:
    ///   - windows: where.
    ///   - length: samples in a window.
    ///   - margin: the largest lag, in samples.
    ///   - body: takes the index of the first window of a batch and `[N, 2 · margin + 1]`, lags −margin...margin: how much
    ///     later in the file than the map says.
    func correlate(
        _ windows: [Window], length: Int, margin: Int, _ body: (Int, Tensor) throws -> Void
    ) throws {
        let n = WeightedPHAT.transformLength(length + 2 * margin)
        for first in stride(from: 0, to: windows.count, by: Self.batch) {
            let part = windows[first..<min(first + Self.batch, windows.count)]
            let curves: Tensor
            if part.allSatisfy({ abs($0.rate - 1) * Double(length) <= Self.smear }) {
                let (near, far, fractions) = try shifted(part, length: length, margin: margin)
                curves = phat.correlation(
                    phat.spectra(near, length: n), phat.spectra(far, length: n) * Self.advance(fractions, length: n),
                    length: n)
            } else {
                let (near, far) = try heard(part, length: length, margin: margin)
                curves = phat.correlation(phat.spectra(near, length: n), phat.spectra(far, length: n), length: n)
            }
            try body(first, curves.sliced(axis: 1, from: 0, to: 2 * margin + 1))
        }
    }

    /// All curves of ``correlate(_:length:margin:_:)`` as arrays, for short margins.
    func curves(_ windows: [Window], length: Int, margin: Int) throws -> [[Float]] {
        var result: [[Float]] = []
        let width = 2 * margin + 1
        try correlate(windows, length: length, margin: margin) { _, curves in
            let values = curves.contiguous().scalars(as: Float.self)
            for row in 0..<curves.shape[0] { result.append(Array(values[row * width..<(row + 1) * width])) }
        }
        return result
    }

    /// Windows of both recordings as they stand, and how many samples later, 0..<1, the file's should have been read for the
    /// middles to agree: `[N, length]`, `[N, length + 2 · margin]`.
    private func shifted(
        _ windows: ArraySlice<Window>, length: Int, margin: Int
    ) throws -> (near: Tensor, far: Tensor, fractions: [Double]) {
        let places = windows.map { window in
            let middle = Double(window.start) + Double(length) / 2
            return (window.file * Self.rate + middle * window.rate) - Double(length) / 2 - Double(margin)
        }
        let wholes = places.map { Int($0.rounded(.down)) }
        return (
            try Self.rows(of: reference, from: windows.map(\.start), count: length),
            try Self.rows(of: file, from: wholes, count: length + 2 * margin),
            zip(places, wholes).map { $0 - Double($1) }
        )
    }

    /// Stretches of a source, read together where they overlap: `[N, count]`.
    private static func rows(of source: any AnalysisSource, from starts: [Int], count: Int) throws -> Tensor {
        let (first, last) = (starts.min() ?? 0, starts.max() ?? 0)
        guard last - first < count * starts.count else {
            let values = try starts.flatMap { try source.padded(from: $0, count: count) }
            return Tensor(values, shape: [starts.count, count])
        }
        let all = try source.padded(from: first, count: last - first + count)
        var values: [Float] = []
        values.reserveCapacity(starts.count * count)
        for start in starts { values += all[start - first..<start - first + count] }
        return Tensor(values, shape: [starts.count, count])
    }

    /// What makes signals earlier by fractions of a sample when their spectra are multiplied with it:
    /// complex `[N, n / 2 + 1]`.
    private static func advance(_ fractions: [Double], length n: Int) -> Tensor {
        let bins = Tensor.range(from: 0, to: Double(n / 2 + 1), dtype: .float32).reshaped([1, n / 2 + 1])
        let steps = Tensor(fractions.map { Float(2 * Double.pi * $0 / Double(n)) }, shape: [fractions.count, 1])
        let angles = bins * steps
        return stacked([angles.cos(), angles.sin()], axis: -1).viewedAsComplex()
    }

    /// Windows of both recordings, the file's longer by the margin on both sides: `[N, length]`, `[N, length + 2 · margin]`.
    private func heard(
        _ windows: ArraySlice<Window>, length: Int, margin: Int
    ) throws -> (near: Tensor, far: Tensor) {
        let first = windows[windows.startIndex]
        let last = windows[windows.endIndex - 1]
        let hop = windows.count > 1 ? windows[windows.startIndex + 1].start - first.start : length
        let isEven =
            hop > 0 && hop < length
            && windows.enumerated().allSatisfy {
                $1.start == first.start + $0 * hop && $1.file == first.file && $1.rate == first.rate
            }
        guard isEven else {
            let near = try windows.flatMap { try reference.padded(from: $0.start, count: length) }
            let far = try heard(
                windows.map { ($0.file + Double($0.start - margin) / Self.rate * $0.rate, $0.rate) }, of: file,
                length: length + 2 * margin)
            return (Tensor(near, shape: [windows.count, length]), far)
        }
        // Windows that overlap along one line are read and interpolated together.
        let total = last.start - first.start + length
        let near = Tensor(try reference.padded(from: first.start, count: total))
        let from = first.file + Double(first.start - margin) / Self.rate * first.rate
        let far = try heard([(from, first.rate)], of: file, length: total + 2 * margin)
            .reshaped([total + 2 * margin])
        return (
            near.windows(axis: 0, size: length, step: hop), far.windows(axis: 0, size: length + 2 * margin, step: hop)
        )
    }

    /// Stretches of a source at 16 kHz of somebody else's clock: `[N, length]`.
    func heard(_ stretches: [(start: Double, rate: Double)], of source: any AnalysisSource, length: Int) throws
        -> Tensor
    {
        let drift = stretches.reduce(0) { max($0, abs($1.rate - 1)) }
        let read = length + Int(Double(length) * drift) + 2 + Self.nodes.count
        var values: [Float] = []
        values.reserveCapacity(read * stretches.count)
        var fractions: [Double] = []
        for stretch in stretches {
            let position = stretch.start * Self.rate
            let whole = position.rounded(.down)
            values += try source.padded(from: Int(whole) + Self.nodes[0], count: read)
            fractions.append(position - whole)
        }
        let samples = Tensor(values, shape: [stretches.count, read])
        if drift == 0 && fractions.allSatisfy({ $0 == 0 }) {
            return samples.sliced(axis: 1, from: -Self.nodes[0], to: length - Self.nodes[0])
        }
        return Self.interpolated(samples, fractions, stretches.map(\.rate), length: length)
    }

    private static let nodes = [-3, -2, -1, 0, 1, 2, 3, 4]

    /// Lagrange's polynomial through eight samples: exact enough below 4 kHz, and only tensor operations.
    private static func interpolated(_ samples: Tensor, _ starts: [Double], _ rates: [Double], length: Int) -> Tensor {
        let count = starts.count
        let steps = Tensor.range(from: 0, to: Double(length), dtype: .float64).reshaped([1, length])
        let positions = steps * Tensor(rates, shape: [count, 1]) + Tensor(starts, shape: [count, 1])
        let whole = positions.floor()
        let fraction = (positions - whole).to(dtype: .float32)
        let index = whole.to(dtype: .int64)
        let distances = nodes.map { fraction - Double($0) }
        var before: [Tensor] = [Tensor.ones([1, 1])]
        for distance in distances.dropLast() { before.append(before[before.count - 1] * distance) }
        var result = Tensor.zeros([count, length])
        var after = Tensor.ones([1, 1])
        for place in nodes.indices.reversed() {
            let norm = nodes.reduce(1.0) { $1 == nodes[place] ? $0 : $0 * Double(nodes[place] - $1) }
            let weight = before[place] * after / norm
            result += weight * samples.gathered(axis: 1, index + Tensor([Int64(place)]))
            after = after * distances[place]
        }
        return result
    }
}
