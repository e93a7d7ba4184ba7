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

    /// What a picture is, for errors.
    private struct Subject {
        let name: String
        var frame: Int?
    }

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
        try chroma(of: call) { Subject(name: Self.name(frames[$0]), frame: frames[$0].index) }
    }

    /// The chroma of pictures that are no frames.
    func chroma(of lumas: [Tensor], naming subject: String) throws -> [Tensor] {
        try chroma(of: begin(lumas)) { _ in Subject(name: subject) }
    }

    private func chroma(of call: Call, naming subject: (Int) -> Subject) throws -> [Tensor] {
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
                guard chroma.sum().item().isFinite else {
                    let bad = (start..<start + count).first { !results[$0].sum().item().isFinite }
                    throw notANumber(subject(bad ?? start))
                }
            } catch let error as TorchError where error.code == .outOfMemory {
                // What was begun before the last reduction tells nothing new.
                if isBegun, notes.count > call.reductions { continue }
                try reduce(from: count, picture: part[start], at: subject(start), error)
            } catch let error as TorchError {
                throw blamed(error, part, subject)
            }
        }
        return results
    }

    /// What to throw for pictures that could not be computed together: about the one that cannot be computed alone.
    private func blamed(_ error: TorchError, _ lumas: ArraySlice<Tensor>, _ subject: (Int) -> Subject) -> any Error {
        let first = subject(lumas.startIndex)
        guard lumas.count > 1 else { return Self.failure(error, naming: first) }
        for index in lumas.indices {
            do {
                guard try attempt({ try shown(lumas[index]) }).sum().item().isFinite else {
                    return notANumber(subject(index))
                }
            } catch let error as TorchError {
                return Self.failure(error, naming: subject(index))
            } catch {
                return error
            }
        }
        return RestorationError(
            .frameFailed,
            "Cannot colour the \(lumas.count) frames from \(first.name) on together, though each of them alone: \(error.description); use a smaller --batch."
        )
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

    private func reduce(from count: Int, picture: Tensor, at subject: Subject, _ error: TorchError) throws {
        predictor.device.releaseCachedMemory()
        if count > 1 {
            batchLimit = count / 2
            notes.append(
                "Memory ran out with \(count) frames at a time; \(count / 2) at a time since \(subject.name).")
            return
        }
        let side = Int(Double(min(picture.shape[2], picture.shape[3])) * shrinking * 0.75)
        guard side >= Self.smallestSide else { throw Self.failure(error, naming: subject) }
        batchLimit = 1
        shrinking *= 0.75
        notes.append(
            "Memory ran out with one frame at a time; the network sees pictures of \(side) rows since \(subject.name).")
    }

    private func notANumber(_ subject: Subject) -> RestorationError {
        RestorationError(
            .frameFailed,
            "Cannot colour \(subject.name): the network gave no finite numbers in \(predictor.precision); use --precision float32, and if that fails too check the model.",
            frame: subject.frame)
    }

    /// The error for a frame that libtorch could not compute.
    static func failure(_ error: TorchError, frame: VideoFrame) -> RestorationError {
        failure(error, naming: name(frame)).about(frame.index)
    }

    private static func failure(_ error: TorchError, naming subject: Subject) -> RestorationError {
        failure(error, naming: subject.name).about(subject.frame)
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
