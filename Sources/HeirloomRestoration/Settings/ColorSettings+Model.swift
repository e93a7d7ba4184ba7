import HeirloomModels

extension ColorSettings {
    /// Throws where a setting is not one of the network's.
    ///
    /// - Throws: `badRequest`, naming the setting and what to use instead.
    func validate(for network: any ColorNetwork) throws {
        let rendering = network.rendering
        guard let unit = rendering.factorUnit else {
            if renderFactor != nil {
                throw RestorationError(
                    .badRequest, "The model \(model) has no render factor; give a render size in pixels.")
            }
            if isOriginal {
                throw RestorationError(
                    .badRequest,
                    "The model \(model) has no other program's procedure to follow; leave --original out, or name a DeOldify model."
                )
            }
            return
        }
        if renderSize != nil {
            throw RestorationError(
                .badRequest,
                "The model \(model) sees pictures by its render factor (steps of \(unit) pixels); give that instead of a render size."
            )
        }
    }

    /// What a network is shown of a picture.
    func size(
        width: Int, height: Int, sampleAspect: Double = 1, isFilm: Bool, rendering: ColorRendering, multiple: Int
    ) -> RenderSize {
        let standard = isFilm ? rendering.filmSide : rendering.stillSide
        let side = rendering.factorUnit.flatMap { unit in renderFactor.map { $0 * unit } } ?? renderSize ?? standard
        switch rendering.shape {
        case .trueAspect:
            return RenderSize(
                width: width, height: height, sampleAspect: sampleAspect, shortSide: side, multiple: multiple)
        case .square where keepsShape:
            // As many samples as the square has.
            let aspect = Double(width) * sampleAspect / Double(height)
            let longest = min(max(aspect, 1 / aspect), Double(RenderSize.longestAspect))
            return RenderSize(
                width: width, height: height, sampleAspect: sampleAspect,
                shortSide: max(multiple, Int((Double(side) / longest.squareRoot()).rounded())), multiple: multiple)
        case .square:
            return RenderSize(width: side, height: side, shortSide: side, multiple: multiple)
        }
    }
}
