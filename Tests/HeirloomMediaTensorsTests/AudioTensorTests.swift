import HeirloomMedia
import HeirloomMediaTensors
import HeirloomTensors
import Testing

@Suite("Sound as tensors")
struct AudioTensorTests {
    @Test("channels and samples keep their places there and back")
    func thereAndBack() {
        let chunk = AudioChunk(start: 7, channels: [[0.1, -0.2, 0.3], [1, 1.5, -1]])
        let tensor = Tensor(audio: chunk)
        #expect(tensor.shape == [2, 3])
        #expect(tensor.floats == [0.1, -0.2, 0.3, 1, 1.5, -1])
        #expect(AudioChunk(start: 7, tensor: tensor) == chunk)
        #expect(AudioChunk(start: 0, tensor: Tensor([0.5, 0.25], shape: [2])).channels == [[0.5, 0.25]])
        #expect(AudioChunk(start: 0, tensor: Tensor(audio: AudioChunk(start: 0, channels: [[], []]))).count == 0)
    }
}
