import Foundation
import HeirloomSignals
public import HeirloomTensors

/// Steadies the colours of a film inside its shots.
///
/// Every frame's chroma becomes a weighted mean of its own and of its neighbours', each followed along the motion of
/// the picture: a recursive filter forward in time, another backward over a bounded look-ahead, added together, so that
/// colours neither lag nor lean to one side. A neighbour counts less the further away it is in time, and not at all
/// where the luma does not match along the motion (something covered or uncovered) or where the motion there and the
/// motion back disagree. Nothing passes a cut. A wrong colour dies within about a second.
///
/// The filter sees chroma at a fraction of the network's resolution (about 64 rows) and its correction is added to the
/// full chroma, so what does not flicker stays as sharp as it was.
///
/// Motion is found in blocks that are counted from the film's first frame, and in a film that is divided into segments
/// the forward filter begins anew ``memory`` frames before each: what becomes of a segment hangs on a bounded piece of
/// the film, whoever computed what is before it.
public struct TemporalSmoother {
    /// A frame on its way in.
    public struct Frame {
        /// Its number in the film.
        public var index: Int
        /// `[1, 2, H, W]`, −0.5...0.5.
        public var chroma: Tensor
        /// Luma 0...1 without flicker, at the size the filter works in. Shape `[1, 1, H / factor, W / factor]`.
        public var luma: Tensor
        /// Time since the frame before.
        public var seconds: Double
        /// Whether it begins a shot.
        public var startsShot: Bool

        /// A frame from its parts.
        public init(index: Int, chroma: Tensor, luma: Tensor, seconds: Double, startsShot: Bool) {
            self.index = index
            self.chroma = chroma
            self.luma = luma
            self.seconds = seconds
            self.startsShot = startsShot
        }
    }

    /// A frame of the present shot that waits for those after it; sums are chroma and weight, `[1, 3, h, w]`.
    struct Held {
        let chroma: Tensor
        let luma: Tensor
        let own: Tensor
        let forward: Tensor
        /// How the frame after is seen from this one.
        var next: Link?
    }

    /// What is left of a frame of the present shot for those that begin anew before a segment.
    private struct Past {
        let own: Tensor
        /// How the frame before is seen from this one; nil for the first of the shot.
        let link: Link?
    }

    /// What a neighbour's sums are read along and counted with.
    struct Link {
        let warp: Warp
        /// `[1, 1, h, w]`, 0...1.
        let weight: Tensor
    }

    /// Time after which a neighbour counts 1 / e.
    public static let memorySeconds = 0.4
    /// Difference of luma along the motion at which a neighbour counts 1 / e.
    static let lumaTolerance = 0.045
    /// Disagreement of the motion there and back, in samples of the filter, at which a neighbour counts 1 / e.
    static let motionTolerance = 1.5

    /// By how much the filter's pictures are smaller than the chroma.
    public let factor: Int
    /// Frames whose motion is found in one go, and the least look-ahead.
    public let block: Int
    /// Frames before a segment from which the forward filter is made anew: after five times its memory nothing that is
    /// older counts a hundredth.
    public let memory: Int
    /// Frames of a segment; nil for a film that is one.
    public var segment: Int? {
        didSet {
            precondition(
                (segment ?? block) % block == 0 && (segment ?? block) > 0,
                "segments of \(segment ?? 0) frames are not made of blocks of \(block)")
        }
    }
    private let matcher = BlockMatcher()
    private var incoming: [Frame] = []
    private var window: [Held] = []
    private var past: [Past] = []
    /// The forward filter's sums at the last frame of the window.
    private var sums: Tensor?

    /// A filter at the start of a film.
    ///
    /// - Parameters:
    ///   - factor: by how much the filter's pictures are smaller than the chroma.
    ///   - block: least look-ahead in frames; up to twice as many are held back.
    ///   - memory: frames before a segment that have an effect in it.
    public init(factor: Int, block: Int = 8, memory: Int = 48) {
        precondition(
            factor >= 1 && block >= 1 && memory >= 1,
            "a temporal filter of factor \(factor), block \(block) and memory \(memory)")
        self.factor = factor
        self.block = block
        self.memory = memory
    }

    /// The fraction at which a chroma picture of the given short side is filtered: a power of two that leaves 60 rows or
    /// more. Twice as many rows cost three times as much and steady no better: what flickers is patches, not details.
    public static func factor(forShortSide side: Int) -> Int {
        var factor = 1
        while factor < 8 && side / (factor * 2) >= 60 { factor *= 2 }
        return factor
    }

    /// A frame on its way out: the chroma that came in, and what steadying adds to it.
    struct Steadied {
        /// `[1, 2, H, W]`.
        let chroma: Tensor
        /// `[1, 2, H / factor, W / factor]`, to be enlarged linearly.
        let correction: Tensor

        /// The sum: `[1, 2, H, W]`.
        var sum: Tensor {
            let size = chroma.shape
            return chroma + correction.resized(height: size[2], width: size[3])
        }
    }

    /// Takes a frame and gives the chroma of those that are finished, in order.
    ///
    /// - Returns: `[1, 2, H, W]` each.
    public mutating func push(_ frame: Frame) -> [Tensor] { add(frame).map(\.sum) }

    /// Gives the chroma of all frames still held back; the next frame begins a shot.
    public mutating func finish() -> [Tensor] { drain().map(\.sum) }

    /// ``push(_:)`` with chroma and correction apart.
    mutating func add(_ frame: Frame) -> [Steadied] {
        var finished: [Steadied] = []
        if frame.startsShot { finished += drain() }
        incoming.append(frame)
        guard (frame.index + 1) % block == 0 else { return finished }
        let waiting = window.count
        absorb()
        return finished + emit(waiting)
    }

    /// ``finish()`` with chroma and correction apart.
    mutating func drain() -> [Steadied] {
        absorb()
        past.removeAll()
        sums = nil
        return emit(window.count)
    }

    /// Moves the incoming frames into the window: motion and weights for all of them at once, then the forward filter.
    private mutating func absorb() {
        guard let first = incoming.first else { return }
        let frames = incoming
        incoming.removeAll()
        let before = window.last.map { [$0.luma] } ?? []
        let lumas = before + frames.map(\.luma)
        // The first frame of a shot has no neighbour before it.
        let links = links(lumas, seconds: frames.suffix(lumas.count - 1).map(\.seconds))
        let small = concatenated(frames.map(\.chroma), axis: 0).pooled(factor)
        let shape = small.shape
        let own = concatenated(
            [small, Tensor.ones([shape[0], 1, shape[2], shape[3]], device: small.device)], axis: 1)
        if let segment, first.index % segment == 0, !past.isEmpty { sums = resummed() }
        for (index, frame) in frames.enumerated() {
            let pair = index + before.count - 1
            let past = Past(
                own: own.sliced(axis: 0, from: index, to: index + 1), link: pair < 0 ? nil : links[pair].forward)
            if pair >= 0 { window[window.count - 1].next = links[pair].backward }
            let forward = Self.sum(past, after: sums)
            window.append(Held(chroma: frame.chroma, luma: frame.luma, own: past.own, forward: forward))
            sums = forward
            if segment != nil { self.past.append(past) }
        }
        if past.count > memory { past.removeFirst(past.count - memory) }
    }

    /// The forward filter's sums at the last frame of the past, begun anew at the first that is remembered.
    private func resummed() -> Tensor? {
        past.dropFirst().reduce(past.first?.own) { Self.sum($1, after: $0) }
    }

    private static func sum(_ frame: Past, after sums: Tensor?) -> Tensor {
        guard let sums, let link = frame.link else { return frame.own }
        return frame.own + link.warp(sums) * link.weight
    }

    /// Runs the backward filter over the window and gives its first frames.
    private mutating func emit(_ count: Int) -> [Steadied] {
        guard count > 0, var backward = window.last?.own else { return [] }
        var finished: [Steadied] = []
        for index in window.indices.reversed() {
            let held = window[index]
            if index < window.count - 1 {
                guard let next = held.next else { fatalError("a frame inside a shot has no link to the next one") }
                backward = held.own + next.warp(backward) * next.weight
            }
            guard index < count else { continue }
            let sum = held.forward + backward - held.own
            let steady = sum.sliced(axis: 1, from: 0, to: 2) / sum.sliced(axis: 1, from: 2)
            let correction = steady - held.own.sliced(axis: 1, from: 0, to: 2)
            finished.append(Steadied(chroma: held.chroma, correction: correction))
        }
        window.removeFirst(count)
        return finished.reversed()
    }

    /// How each of a row of frames and the one after it see each other.
    private func links(_ lumas: [Tensor], seconds: [Double]) -> [(forward: Link, backward: Link)] {
        guard lumas.count > 1 else { return [] }
        let count = lumas.count - 1
        let all = concatenated(lumas, axis: 0)
        let earlier = all.sliced(axis: 0, from: 0, to: count)
        let later = all.sliced(axis: 0, from: 1)
        let flow = bothWays(matcher.flow(from: later, to: earlier))
        // Both directions in one batch: first the later frames looking back, then the earlier ones looking ahead.
        let from = concatenated([later, earlier], axis: 0)
        let to = concatenated([earlier, later], axis: 0)
        let warp = Warp(flow: flow)
        let residual = (from - warp(to)).abs().boxMean(radius: 1)
        // Grain is no mismatch: what all of the picture shows is taken off, up to a bound.
        let grain = residual.mean(axes: [1, 2, 3], keepingDimensions: true).clamped(to: ...0.03)
        let mismatch = ((residual - grain).clamped(to: 0...) * (1 / Self.lumaTolerance)).squared()
        let disagreement = disagreement(flow, count: count)
        let fading = seconds.map { Float(exp(-min(max($0, 0), 2) / Self.memorySeconds)) }
        let base = Tensor(fading + fading, shape: [2 * count, 1, 1, 1], device: all.device)
        let weight = base * (-(mismatch + disagreement)).exp()
        return (0..<count).map { index in
            (
                Link(warp: warp[index], weight: weight.sliced(axis: 0, from: index, to: index + 1)),
                Link(
                    warp: warp[count + index],
                    weight: weight.sliced(axis: 0, from: count + index, to: count + index + 1))
            )
        }
    }

    /// Motion back in time, and with it its inverse: the motion ahead, found by following the way back from where it
    /// leads. Searching twice would cost twice as much, and where the inverse fails (at the rim of what moves) the luma
    /// does not match either.
    private func bothWays(_ flow: Tensor) -> Tensor {
        let shape = flow.shape
        let coarse = flow.resized(height: max(1, shape[2] / 4), width: max(1, shape[3] / 4))
        let ahead = -Warp(flow: coarse * -0.25)(coarse)
        return concatenated([flow, ahead.resized(height: shape[2], width: shape[3])], axis: 0)
    }

    /// By how much the motion there and the motion back miss each other, squared and in units of the tolerance.
    ///
    /// Motion is smooth over blocks, so a quarter of the resolution tells as much for a sixteenth of the work.
    private func disagreement(_ flow: Tensor, count: Int) -> Tensor {
        let shape = flow.shape
        let coarse = flow.resized(height: max(1, shape[2] / 4), width: max(1, shape[3] / 4))
        let back = concatenated(
            [coarse.sliced(axis: 0, from: count), coarse.sliced(axis: 0, from: 0, to: count)], axis: 0)
        let sum = coarse + Warp(flow: coarse * 0.25)(back)
        return
            (sum.squared().sum(axes: [1], keepingDimensions: true)
            * (1 / (Self.motionTolerance * Self.motionTolerance)))
            .resized(height: shape[2], width: shape[3])
    }
}
