import HeirloomTensors

extension ParityCase {
    static let sampling: [ParityCase] = resizing + gridSampling

    private static let resizing: [ParityCase] = [(9, 4), (3, 13)].flatMap { (height, width) -> [ParityCase] in
        let size = "\(height)x\(width)"
        func resized(
            _ name: String, _ mode: InterpolationMode, alignCorners: Bool = false, antialias: Bool = false
        ) -> ParityCase {
            ParityCase("resized \(name) \(size)", half: antialias ? .gpu : .everywhere) {
                $0[0].resized(
                    height: height, width: width, mode: mode, alignCorners: alignCorners, antialias: antialias)
            }
        }
        return [
            resized("nearest", .nearest), resized("nearest-exact", .nearestExact), resized("area", .area),
            resized("bilinear", .bilinear), resized("bilinear aligned", .bilinear, alignCorners: true),
            resized("bilinear antialiased", .bilinear, antialias: true),
            resized("bicubic", .bicubic), resized("bicubic aligned", .bicubic, alignCorners: true),
            resized("bicubic antialiased", .bicubic, antialias: true),
        ]
    }

    private static let gridSampling: [ParityCase] =
        [("bilinear", InterpolationMode.bilinear), ("nearest", .nearest), ("bicubic", .bicubic)].flatMap {
            (name, mode) in
            [("zeros", SamplingPadding.zeros), ("border", .border), ("reflection", .reflection)].map {
                (paddingName, padding) in
                // A position rounded in a kernel may pick another sample or another derivative than float32 does.
                ParityCase("sampled \(name) \(paddingName)", half: mode == .bilinear ? .gpu : .never) {
                    $0[0].sampled(at: $0[1], mode: mode, padding: padding)
                }
            }
        } + [
            ParityCase("sampled aligned", half: .never) { $0[0].sampled(at: $0[1], alignCorners: true) },
            ParityCase("affineGrid", half: .never) { $0[0].affineGrid([2, 3, 4, 5]) },
            ParityCase("affineGrid aligned", half: .never) { $0[0].affineGrid([2, 3, 4, 5], alignCorners: true) },
        ]
}
