import HeirloomMedia
import HeirloomTensors

/// Calls the network, and when memory runs out tries again with fewer frames, then with smaller pictures.
///
/// What it can do no smaller it throws, naming the frame: a frame is never given back grey.
final class PatientNetwork {
    /// The short side under which pictures are not shrunk.
    static let smallestSide = 128

    let predictor: any ChromaPredictor
    /// Seconds inside the network.
    private(set) var seconds = 0.0
    /// Sentences about what was reduced.
    private(set) var notes: [String] = []
    /// Frames per call that fitted in memory; nil while nothing failed.
    private(set) var batchLimit: Int?
    /// By how much pictures are shrunk since memory ran out.
    private var shrinking = 1.0

    init(_ predictor: any ChromaPredictor) { self.predictor = predictor }

    /// Pictures that the network has begun with.
    struct Call {
        fileprivate let lumas: [Tensor]
        /// Waits for the chroma of all of them; nil where they shall be tried in parts.
        fileprivate let answer: (() throws -> Tensor)?
        /// How many reductions there had been.
        fileprivate let reductions: Int
    }

    /// Begins with pictures `[1, 1, H, W]` of one size.
    func begin(_ lumas: [Tensor]) -> Call {
        guard batchLimit == nil, shrinking == 1 else {
            return Call(lumas: lumas, answer: nil, reductions: notes.count)
        }
        let begun = Result {
            try withoutGradients { try recovering { predictor.begin(joined(lumas[...])) } }
        }
        return Call(lumas: lumas, answer: { try begun.get()() }, reductions: notes.count)
    }

    /// The chroma of pictures that were begun with, each `[1, 2, H, W]`, in order.
    ///
    /// - Parameter frames: whose pictures they are, for errors.
    func chroma(of call: Call, frames: [VideoFrame]) throws -> [Tensor] {
        do {
            return try chroma(of: call) { Self.name(frames[$0]) }
        } catch let error as RestorationError {
            throw error.about(frames.first { error.description.contains(Self.name($0)) }?.index)
        }
    }

    /// The chroma of pictures that are no frames.
    func chroma(of lumas: [Tensor], naming subject: String) throws -> [Tensor] {
        try chroma(of: begin(lumas)) { _ in subject }
    }

    private func chroma(of call: Call, naming name: (Int) -> String) throws -> [Tensor] {
        let lumas = call.lumas
        var answer = call.answer
        var results: [Tensor] = []
        while results.count < lumas.count {
            let start = results.count
            let count = answer == nil ? min(batchLimit ?? lumas.count, lumas.count - start) : lumas.count
            let part = lumas[start..<start + count]
            let isBegun = answer != nil
            do {
                defer { answer = nil }
                let chroma = try attempt { [self] in try answer?() ?? shown(joined(part)) }
                for index in 0..<count {
                    results.append(count == 1 ? chroma : chroma.sliced(axis: 0, from: index, to: index + 1))
                }
                guard chroma.sum().item().isFinite else { throw notANumber(name(start)) }
            } catch let error as TorchError where error.code == .outOfMemory {
                // What was begun before the last reduction tells nothing new.
                if isBegun, notes.count > call.reductions { continue }
                try reduce(from: count, picture: part[start], at: name(start), error)
            } catch let error as TorchError {
                throw Self.failure(error, naming: name(start))
            }
        }
        return results
    }

    private func joined(_ lumas: ArraySlice<Tensor>) -> Tensor {
        lumas.count == 1 ? lumas[lumas.startIndex] : concatenated(Array(lumas), axis: 0)
    }

    private func attempt(_ body: () throws -> Tensor) throws -> Tensor {
        let start = ContinuousClock.now
        defer { seconds += (ContinuousClock.now - start) / .seconds(1) }
        let chroma = try withoutGradients { try recovering(body) }
        predictor.device.synchronize()
        return chroma
    }

    /// What the network says of pictures, shrunk where memory ran out before.
    private func shown(_ luma: Tensor) throws -> Tensor {
        guard shrinking < 1 else { return try predictor.chroma(of: luma) }
        let (height, width) = (luma.shape[2], luma.shape[3])
        let small = luma.resized(height: shrunk(height), width: shrunk(width), antialias: true)
        return try predictor.chroma(of: small).resized(height: height, width: width)
    }

    private func shrunk(_ side: Int) -> Int {
        let multiple = predictor.sizeMultiple
        return max(1, Int((Double(side) * shrinking / Double(multiple)).rounded())) * multiple
    }

    private func reduce(from count: Int, picture: Tensor, at name: String, _ error: TorchError) throws {
        predictor.device.releaseCachedMemory()
        if count > 1 {
            batchLimit = count / 2
            notes.append(
                "Memory ran out with \(count) frames at a time; \(count / 2) at a time since \(name).")
            return
        }
        let side = Int(Double(min(picture.shape[2], picture.shape[3])) * shrinking * 0.75)
        guard side >= Self.smallestSide else { throw Self.failure(error, naming: name) }
        batchLimit = 1
        shrinking *= 0.75
        notes.append(
            "Memory ran out with one frame at a time; the network sees pictures of \(side) rows since \(name).")
    }

    private func notANumber(_ name: String) -> RestorationError {
        RestorationError(
            .frameFailed,
            "Cannot colour \(name): the network gave no finite numbers in \(predictor.precision); use --precision float32, and if that fails too check the model."
        )
    }

    /// The error for a frame that libtorch could not compute.
    static func failure(_ error: TorchError, frame: VideoFrame) -> RestorationError {
        failure(error, naming: name(frame)).about(frame.index)
    }

    /// The error for something that libtorch could not compute.
    static func failure(_ error: TorchError, naming name: String) -> RestorationError {
        guard error.code == .outOfMemory else {
            return RestorationError(.frameFailed, "Cannot colour \(name): \(error.description).")
        }
        return RestorationError(
            .outOfMemory,
            "Cannot colour \(name): memory ran out even at the smallest size; close other programs, or use a smaller --render-size (or --render-factor) or --device cpu."
        )
    }

    private static func name(_ frame: VideoFrame) -> String { "frame \(frame.index) (at \(frame.pts))" }
}
