import HeirloomTensors

/// Which frames of a burst show one scene, and where each sees it.
struct BurstRegistration {
    let reference: Int
    let motions: [BurstMotion?]
    let leftOut: [BurstResult.LeftOut]

    /// - Parameter lumas: `[1, 1, H, W]` each, 0...1.
    init(lumas: [Tensor], settings: BurstSettings) {
        let small = lumas.map(Self.miniature)
        let chosen = Self.reference(small, lumas.map(Self.sharpness), settings)
        let alike = Self.similarities(small, to: chosen)
        reference = chosen
        let correlation = PhaseCorrelation(reference: lumas[chosen])
        let pyramid = Self.pyramid(lumas[chosen]).map(MotionRefinement.init(reference:))
        var motions: [BurstMotion?] = []
        var leftOut: [BurstResult.LeftOut] = []
        for (index, luma) in lumas.enumerated() {
            guard index != chosen else {
                motions.append(BurstMotion())
                continue
            }
            var motion: BurstMotion?
            if alike[index] >= Self.sameScene {
                motion = Self.register(luma, correlation, pyramid)
            }
            let found = motion?.correlation ?? alike[index]
            if let kept = motion, kept.correlation >= settings.correlation {
                motions.append(kept)
            } else {
                motions.append(nil)
                let share = { (x: Double) in String(Int((x * 100).rounded())) }
                leftOut.append(
                    .init(
                        index: index,
                        reason: "does not show what the reference shows: they agree to \(share(max(found, 0))) %, "
                            + "needed are \(share(settings.correlation)) %"))
            }
        }
        self.motions = motions
        self.leftOut = leftOut
    }

    /// From which correlation of miniatures on frames are worth a closer look.
    private static let sameScene = 0.6

    private static func miniature(_ luma: Tensor) -> Tensor {
        let (height, width) = (luma.shape[2], luma.shape[3])
        let factor = Double(max(height, width)) / 256
        guard factor > 1 else { return luma }
        return luma.shrunk(
            height: max(Int(Double(height) / factor), 1), width: max(Int(Double(width) / factor), 1))
    }

    /// How well each miniature correlates with one of them after a shift; 1 with itself.
    private static func similarities(_ pictures: [Tensor], to reference: Int) -> [Double] {
        let correlation = PhaseCorrelation(reference: pictures[reference])
        let refinement = MotionRefinement(reference: pictures[reference])
        return pictures.indices.map { index in
            guard index != reference else { return 1 }
            let (down, right) = correlation.shift(of: pictures[index])
            return refinement.shift(of: pictures[index], from: BurstMotion(down: down, right: right)).correlation
        }
    }

    /// The variance of the Laplacian: high where edges are sharp.
    private static func sharpness(_ luma: Tensor) -> Double {
        let kernel = Tensor([0, 1, 0, 1, -4, 1, 0, 1, 0] as [Float], shape: [1, 1, 3, 3], device: luma.device)
        return luma.conv2d(kernel).variance().item()
    }

    /// The wanted frame; else the first of those that show the commonest scene, or one that is clearly sharper.
    private static func reference(_ small: [Tensor], _ sharpness: [Double], _ settings: BurstSettings) -> Int {
        if let wanted = settings.reference { return wanted }
        var scene: [Int] = []
        for candidate in small.indices where !scene.contains(candidate) {
            let alike = similarities(small, to: candidate)
            let group = alike.indices.filter { alike[$0] >= sameScene }
            if group.count > scene.count { scene = group }
            // No other scene can have more frames than half of them.
            if 2 * scene.count >= small.count { break }
        }
        guard scene.count > 1 else { return scene.first ?? 0 }
        let sharpest = scene.reduce(scene[0]) { sharpness[$1] > sharpness[$0] ? $1 : $0 }
        // Frames of one sharpness differ by a few percent through aliasing and noise: then the first is the expected view.
        return sharpness[scene[0]] >= 0.85 * sharpness[sharpest] ? scene[0] : sharpest
    }

    /// The picture at full, half and quarter size, as far as it is large enough.
    private static func pyramid(_ luma: Tensor) -> [Tensor] {
        var levels = [luma]
        while levels.count < 3, let last = levels.last, min(last.shape[2], last.shape[3]) >= 128 {
            let (height, width) = (last.shape[2] / 2 * 2, last.shape[3] / 2 * 2)
            levels.append(last.sliced(axis: 2, from: 0, to: height).sliced(axis: 3, from: 0, to: width).halved())
        }
        return levels
    }

    /// A shift where that explains the frame, else a shift that changes over the picture.
    private static func register(
        _ luma: Tensor, _ correlation: PhaseCorrelation, _ refinements: [MotionRefinement]
    ) -> BurstMotion {
        let (down, right) = correlation.shift(of: luma)
        let start = BurstMotion(down: down, right: right)
        let shift = refinements[0].shift(of: luma, from: start)
        let levels = pyramid(luma)
        var affine = start
        for level in levels.indices.reversed() {
            let scale = Double(1 << level)
            affine.down /= scale
            affine.right /= scale
            affine = refinements[level].affine(of: levels[level], from: affine)
            affine.down *= scale
            affine.right *= scale
        }
        let deviation = affine.cornerDeviation(height: luma.shape[2], width: luma.shape[3])
        let isBetter = affine.correlation > shift.correlation && deviation > 0.05
        return isBetter ? affine : shift
    }
}
