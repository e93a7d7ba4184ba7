import HeirloomModels
import HeirloomTensors

extension ColorizerParity {
    /// Augmentation with the fixed parameters that the names of the cases stand for.
    static func augmentation(_ description: ParityDescription) throws -> [ParityResult]? {
        guard let size = description.json["image"]?.integers, size.count == 3, size[2] == 3,
            size[..<2].allSatisfy({ (2...4096).contains($0) }), let cases = description.json["cases"]?.list
        else { return nil }
        let file = try description.tensors()
        let picture =
            description.noise.picture("augment.image", height: size[0], width: size[1])
            .to(dtype: .float32).transposed([2, 0, 1]).unsqueezed(0) / 255
        return try cases.map { entry in
            let name = entry["name"]?.text ?? "?"
            let side = entry["size"]?.integer ?? 0
            let title = "\(description.name)/\(name).\(side)"
            guard let transform = transform(name), (2...4096).contains(side) else {
                return .notCovered(title, "this transform is not known")
            }
            let found = withoutGradients { PictureTransforms([transform])(picture, side: side).squeezed(0) }
            var meter = ParityMeter()
            meter.compare(found, statistics: entry)
            let key = "\(name).\(side)"
            if let file, file.names.contains(key) {
                let expected = try file.tensor(key)
                meter.compare(
                    found.shape == expected.shape ? found.to(dtype: .float64).scalars() : [],
                    expected.to(dtype: .float64).scalars(), range: 1)
            }
            return result(description, key, meter, limit: 1e-4)
        }
    }

    private static func transform(_ name: String) -> PictureTransform? {
        var transform = PictureTransform()
        var isKnown = name == "resize_crop_centre"
        func takes(_ part: String) -> Bool {
            let takes = name == part || name == "all"
            isKnown = isKnown || takes
            return takes
        }
        if takes("symmetric_warp") { transform.warp = [0.1, -0.2, 0.15, 0.05] }
        if takes("rotate") { transform.rotation = 7 }
        if takes("zoom") { (transform.zoom, transform.zoomRow, transform.zoomColumn) = (1.15, 0.3, 0.8) }
        if takes("brightness") { transform.brightness = 0.65 }
        if takes("contrast") { transform.contrast = 1.4 }
        if takes("flip") { transform.isMirrored = true }
        if takes("crop_corner") { (transform.cropRow, transform.cropColumn) = (0.9, 0.2) }
        return isKnown ? transform : nil
    }
}
