public import HeirloomDatasets
import HeirloomLayers
public import HeirloomModels
import HeirloomSignals
public import HeirloomTensors

/// Runs a network over pictures whose truth is known and finds its worst and its best results.
///
/// A network that colours is given the grey pictures and ranked by the chroma error; one that enlarges is given bicubic
/// reductions and ranked by the PSNR of luma.
public final class Inspector {
    private enum Work {
        case colors(ColorCandidate)
        case enlarges((Tensor) -> Tensor, scale: Int, multiple: Int)
    }

    private let work: Work
    private let device: Device

    /// Prepares a network that was loaded from a file; it is copied for inference.
    ///
    /// - Throws: `CheckpointError` where it neither colours nor enlarges.
    public init(_ network: any BuildableModel, name: String, device: Device = .cpu) throws {
        self.device = device
        if let restorer = network as? any ImageRestorer {
            let description = restorer.description
            let prepared = try recovering { restorer.preparedForInference(device: device, dtype: .float32) }
            work = .enlarges(
                { prepared($0) }, scale: description.scale, multiple: description.scale * description.sizeMultiple)
        } else {
            work = .colors(try ColorCandidate(name: name, network: network, device: device))
        }
    }

    /// Prepares a way of colouring.
    public init(_ candidate: ColorCandidate, device: Device = .cpu) {
        self.device = device
        work = .colors(candidate)
    }

    /// What pictures are ranked by.
    public var measure: String {
        switch work {
        case .colors: "chroma error (0 is perfect)"
        case .enlarges: "PSNR of luma in dB (more is better)"
        }
    }

    /// Whether the network colours; else it enlarges.
    public var colors: Bool { if case .colors = work { true } else { false } }

    /// The short side in pixels below which a picture cannot be measured.
    public var smallestSide: Int {
        switch work {
        case .colors: 1
        case .enlarges(_, let scale, let multiple): 2 * scale + 11 + multiple
        }
    }

    /// Ranks the pictures and keeps so many of the worst and of the best; a picture is never both.
    ///
    /// - Parameter progress: called after every picture; throws to end the work.
    /// - Throws: `DatasetError` where a picture is too small; what `progress` throws.
    /// - Precondition: there is a picture, and `count` is at least 1.
    public func run(
        on store: PackedStore, pictures: [Int], count: Int, progress: (_ completed: Int) throws -> Void = { _ in }
    ) throws -> Inspection {
        precondition(!pictures.isEmpty && count > 0, "an inspection of nothing")
        var found: [(index: Int, score: Double)] = []
        for index in pictures {
            let entry = store.entries[index]
            guard min(entry.width, entry.height) >= smallestSide else {
                throw DatasetError(
                    code: .tooSmall, path: store.path,
                    reason: "holds '\(store.metadata.pictures[index].name)' of \(entry.width) × \(entry.height) "
                        + "pixels; this network is measured on \(smallestSide) and more")
            }
            found.append((index, try result(of: index, in: store).score))
            try progress(found.count)
        }
        // Pictures with the same score stay in their order.
        let worstFirst = found.enumerated().sorted {
            $0.element.score == $1.element.score
                ? $0.offset < $1.offset : isWorse($0.element.score, $1.element.score)
        }.map(\.element)
        let worst = worstFirst.prefix(min(count, (found.count + 1) / 2))
        let best = worstFirst.suffix(min(count, found.count / 2)).reversed()
        return Inspection(
            measure: measure,
            ranking: worstFirst.map { .init(name: store.metadata.pictures[$0.index].name, score: $0.score) },
            worst: try worst.map { try result(of: $0.index, in: store) },
            best: try best.map { try result(of: $0.index, in: store) })
    }

    private func isWorse(_ one: Double, _ other: Double) -> Bool {
        switch work {
        case .colors: one > other
        case .enlarges: one < other
        }
    }

    private func result(of index: Int, in store: PackedStore) throws -> Inspection.Example {
        let name = store.metadata.pictures[index].name
        let picture = store.picture(index).unsqueezed(0).to(device: device)
        return try recovering {
            try withoutGradients {
                switch work {
                case .colors(let candidate): try colored(picture, by: candidate, name: name)
                case .enlarges(let network, let scale, let multiple):
                    enlarged(picture, by: network, scale: scale, multiple: multiple, name: name)
                }
            }
        }
    }

    private func colored(_ picture: Tensor, by candidate: ColorCandidate, name: String) throws -> Inspection.Example {
        let truth = picture.to(dtype: .float32) / 255
        let output = try ColorContest.colored(truth, by: candidate)
        let error: Double = ColorMetrics.chromaError(output, truth).item()
        let (found, wanted) = (ColorMetrics.colorfulness(output).item(), ColorMetrics.colorfulness(truth).item())
        return example(
            name, score: error,
            text: "chroma error \(Self.text(error)), colourfulness \(Self.text(found)) (true \(Self.text(wanted)))",
            caption: ["error \(Self.text(error))", "colour \(Self.whole(found)) (true \(Self.whole(wanted)))"],
            input: YCbCrMatrix.bt601.luma(of: truth).expanded([-1, 3, -1, -1]), output: output, truth: truth)
    }

    private func enlarged(
        _ picture: Tensor, by network: (Tensor) -> Tensor, scale: Int, multiple: Int, name: String
    ) -> Inspection.Example {
        let (height, width) = (picture.shape[2] / multiple * multiple, picture.shape[3] / multiple * multiple)
        let truth = picture.sliced(axis: 2, from: 0, to: height).sliced(axis: 3, from: 0, to: width)
            .to(dtype: .float32)
        let small = PaperBicubic.reduced(truth, by: scale)
        let output = network(small.contiguous(.channelsLast) / 255).to(dtype: .float32).clamped(to: 0...1)
        let scores = PaperMetrics.compare(output * 255, truth, border: scale)
        let bicubic = PaperMetrics.compare(PaperBicubic.enlarged(small, by: scale), truth, border: scale)
        return example(
            name, score: scores.psnr,
            text: "\(Self.text(scores.psnr)) dB, bicubic \(Self.text(bicubic.psnr)) dB",
            caption: ["\(Self.text(scores.psnr)) dB", "bicubic \(Self.text(bicubic.psnr)) dB"],
            input: small / 255, output: output, truth: truth / 255)
    }

    private func example(
        _ name: String, score: Double, text: String, caption: [String], input: Tensor, output: Tensor, truth: Tensor
    ) -> Inspection.Example {
        func kept(_ x: Tensor) -> Tensor { x[0].to(device: .cpu).to(dtype: .float32).contiguous() }
        return Inspection.Example(
            name: name, score: score, text: text, caption: caption, input: kept(input), output: kept(output),
            truth: kept(truth))
    }

    private static func whole(_ value: Double) -> String {
        value.isFinite ? String(Int(value.rounded())) : "\(value)"
    }

    private static func text(_ value: Double) -> String {
        guard value.isFinite else { return "equal" }
        let tenths = Int((abs(value) * 10).rounded())
        return "\(value < 0 ? "-" : "")\(tenths / 10).\(tenths % 10)"
    }
}
