import HeirloomTensors

/// Says when a jump between two stretches happened, and how long exactly it was.
///
/// Up to the jump the file fits the first line, from there the second, and the sum of both fits is largest at the right
/// place. What fits is judged with all the paths on which sound reaches both recorders: every talker, echo and noise.
struct JumpPlacement {
    let correlator: WindowCorrelator

    private static let rate = Double(AnalysisSamples.sampleRate)
    /// The longest path difference looked at, in seconds.
    private static let reach = 0.010
    /// How much of each side is listened to for the paths, in seconds.
    private static let side = 30.0
    /// How much of the loudness is taken out: pauses say as much as words about where a file was cut.
    private static let evenness = 0.9
    /// How finely the spectra are flattened, in Hz.
    private static let resolution = 200.0

    /// The track with the lines of both sides of each jump put right against each other, and the reference times at which all
    /// stretches but the last end.
    func callAsFunction(_ track: ClockTrack) throws -> (track: ClockTrack, places: [Double]) {
        var track = track
        var places: [Double] = []
        for stretch in 0..<track.stretches.count - 1 {
            var (left, right) = (try paths(track, stretch), try paths(track, stretch + 1))
            let shift = Self.shift(left, right)
            if shift != 0 {
                // The side with less to go by follows the other.
                let isLeft = track.stretches[stretch].length < track.stretches[stretch + 1].length
                for index in track.stretches.indices where isLeft ? index <= stretch : index > stretch {
                    track.stretches[index].file += (isLeft ? -1 : 1) * shift
                }
                (left, right) = (try paths(track, stretch), try paths(track, stretch + 1))
            }
            places.append(try place(track, after: stretch, paths: zip(left, right).map { $0 + $1 }))
        }
        return (track, places)
    }

    /// How sound gets from the reference to the file: their correlation over a stretch, every moment as loud as the others,
    /// at lags of −reach...reach.
    private func paths(_ track: ClockTrack, _ stretch: Int) throws -> [Float] {
        let range = track.stretches[stretch].range
        // Nearest to the jumps on either side, where talkers sit as they do at the jump.
        let start = stretch == 0 ? max(range.lowerBound, range.upperBound - Self.side) : range.lowerBound
        let count = Int(min(range.upperBound - start, Self.side) * Self.rate)
        let margin = Int(Self.reach * Self.rate)
        guard count > 4 * margin else { return [Float](repeating: 0, count: 2 * margin + 1) }
        let (near, far) = try heard(track, stretch, start: start, count: count)
        let n = WeightedPHAT.transformLength(count + margin)
        let curve = (even(far, count).realFFT(length: n) * even(near, count).realFFT(length: n).conjugate())
            .inverseRealFFT(length: n)
        let ordered = concatenated(
            [curve.sliced(axis: 1, from: n - margin), curve.sliced(axis: 1, from: 0, to: margin + 1)], axis: 1)
        return ((ordered / (ordered.norm() + 1e-20))).contiguous().scalars(as: Float.self)
    }

    /// How many seconds later the right side's paths lie than the left side's; 0 where they do not look alike.
    private static func shift(_ left: [Float], _ right: [Float]) -> Double {
        let most = Int(0.005 * rate)
        var products = [Float](repeating: 0, count: 2 * most + 1)
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                for shift in -most...most {
                    var sum: Float = 0
                    for index in max(0, -shift)..<min(left.count, left.count - shift) {
                        sum += left[index] * right[index + shift]
                    }
                    products[shift + most] = sum
                }
            }
        }
        guard let best = products.indices.max(by: { products[$0] < products[$1] }), best > 0, best < 2 * most,
            products[best] > 0.4, products[best] > 1.1 * products[most]
        else { return 0 }
        let bend = products[best - 1] - 2 * products[best] + products[best + 1]
        let vertex = bend < 0 ? Double(0.5 * (products[best - 1] - products[best + 1]) / bend) : 0
        return (Double(best - most) + vertex) / rate
    }

    private func place(_ track: ClockTrack, after stretch: Int, paths: [Float]) throws -> Double {
        let lost = track.lost(after: stretch)
        let left = track.stretches[stretch].range
        let right = track.stretches[stretch + 1].range
        let start = max(left.lowerBound, left.upperBound - 2.5)
        let end = min(right.upperBound, max(right.lowerBound, left.upperBound) + 2.5 + max(lost, 0))
        let count = Int((end - start) * Self.rate)
        let before = try products(track, stretch, start: start, count: count, paths)
        let after = try products(track, stretch + 1, start: start, count: count, paths)
        // What was lost belongs to neither side; silence put in takes no reference time.
        let gap = Int(max(lost, 0) * Self.rate)
        var sums = [Double](repeating: 0, count: count + 1)
        for index in 0..<count { sums[index + 1] = sums[index] + Double(after[index]) }
        var best = (score: -Double.infinity, place: 0)
        var sum = 0.0
        for place in 0...max(0, count - gap) {
            let score = sum + sums[count] - sums[min(place + gap, count)]
            if score > best.score { best = (score, place) }
            if place < count { sum += Double(before[place]) }
        }
        let time = start + Double(best.place) / Self.rate
        guard lost < 0 else { return time }
        return try silence(track, after: stretch, seconds: -lost, near: time) ?? time
    }

    /// The start of a silence of about the length put in, which says exactly where; nil when there is none.
    private func silence(_ track: ClockTrack, after stretch: Int, seconds: Double, near time: Double) throws -> Double?
    {
        let piece = track.piece(stretch, at: time)
        let frame = 16
        let first = Int((piece.fileTime(at: time) - 1 - seconds) * Self.rate)
        let count = Int((2 + 2 * seconds) * Self.rate) / frame
        let samples = try correlator.file.padded(from: first, count: count * frame)
        let levels = samples.withUnsafeBufferPointer { samples in
            (0..<count).map { index in
                (0..<frame).reduce(Float(0)) { max($0, abs(samples[index * frame + $1])) }
            }
        }
        let threshold = max(levels.sorted()[count / 2] * 0.01, 1e-6)
        var best: (distance: Double, place: Double)?
        var begin: Int?
        for index in 0...count {
            if index < count, levels[index] <= threshold {
                begin = begin ?? index
            } else if let start = begin {
                begin = nil
                let length = Double((index - start) * frame) / Self.rate
                // Filters of the way here blur its ends.
                guard abs(length - seconds) < 0.3 * seconds + 0.004 else { continue }
                let place = piece.referenceTime(at: Double(first + start * frame) / Self.rate)
                if abs(place - time) < best?.distance ?? .infinity { best = (abs(place - time), place) }
            }
        }
        return best?.place
    }

    /// Both recordings along a stretch's line, with flat spectra: complex `[1, n / 2 + 1]` each.
    private func heard(
        _ track: ClockTrack, _ stretch: Int, start: Double, count: Int
    ) throws -> (near: Tensor, far: Tensor) {
        let piece = track.piece(stretch, at: start + Double(count) / 2 / Self.rate)
        let near = try correlator.heard([(start, 1)], of: correlator.reference, length: count)
        let far = try correlator.heard([(piece.fileTime(at: start), piece.rate)], of: correlator.file, length: count)
        let n = WeightedPHAT.transformLength(count)
        return (
            correlator.phat.spectra(near, length: n, resolution: Self.resolution),
            correlator.phat.spectra(far, length: n, resolution: Self.resolution)
        )
    }

    /// How well the file fits a line at each sample: the file times what the reference says it should hold.
    private func products(
        _ track: ClockTrack, _ stretch: Int, start: Double, count: Int, _ paths: [Float]
    ) throws -> [Float] {
        let (near, far) = try heard(track, stretch, start: start, count: count)
        let n = 2 * (near.shape[1] - 1)
        let margin = paths.count / 2
        var wrapped = [Float](repeating: 0, count: n)
        for index in paths.indices { wrapped[(index - margin + n) % n] = paths[index] }
        let expected = near * Tensor(wrapped, shape: [1, n]).realFFT()
        let product = even(expected, count) * even(far, count)
        return product.reshaped([count]).contiguous().scalars(as: Float.self)
    }

    /// A signal of even loudness over twentieths of a second: complex `[1, n / 2 + 1]` → `[1, count]`.
    private func even(_ spectrum: Tensor, _ count: Int) -> Tensor {
        let n = 2 * (spectrum.shape[1] - 1)
        let white = spectrum.inverseRealFFT(length: n).sliced(axis: 1, from: 0, to: count)
        let radius = 400
        let width = 2 * radius + 1
        let sums = white.squared().to(dtype: .float64).padded([radius + 1, radius]).cumulativeSum(axis: 1)
        let power = (sums.sliced(axis: 1, from: width) - sums.sliced(axis: 1, from: 0, to: count)) / Double(width)
        let mean = power.mean().item()
        return white
            * (power.clamped(to: 0...) + mean * 0.001 + 1e-20).raised(to: -Self.evenness / 2).to(dtype: .float32)
    }
}
