import HeirloomDatasets
import HeirloomModels
import HeirloomSignals
import HeirloomTensors
import HeirloomTraining

extension DeOldifyRecipe.Stage {
    /// Changes colour pictures (uint8, RGB), greys them, and normalises both.
    func greyPairs(on device: Device) -> Learner.Preparation {
        let (size, augmentation) = (size, augmentation)
        return { batch, generator in
            let rgb = batch.input.to(device: device, nonblocking: true).to(dtype: .float32) / 255
            // Grey pictures have whole levels, as the files that the originals were trained on.
            let luma = (YCbCrMatrix.bt601.luma(of: rgb) * 255).rounded() / 255
            let grey = luma.expanded(rgb.shape)
            let pair = augmentation(grey, target: rgb, side: size, using: generator)
            return (DeOldifyGenerator.normalized(pair.input), DeOldifyGenerator.normalized(pair.target))
        }
    }

    /// Changes pictures (uint8, RGB) and normalises them; the batch's targets are their labels.
    func labelled(on device: Device) -> Learner.Preparation {
        let (size, augmentation) = (size, augmentation)
        return { batch, generator in
            let rgb = batch.input.to(device: device, nonblocking: true).to(dtype: .float32) / 255
            let changed = augmentation(rgb, side: size, using: generator)
            return (DeOldifyGenerator.normalized(changed), batch.target?.to(dtype: .float32, device: device))
        }
    }
}
