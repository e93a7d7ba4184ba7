import HeirloomTensors
import Synchronization
import Testing

/// Who keeps what alive. The count of live tensors belongs to the process, so each body runs in a process of its own.
@Suite(.serialized) struct OwnershipTests {
    /// Memory that tells when it goes.
    final class Owner {
        static let released = Mutex(0)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 16)

        init(_ values: [Float]) { memory.copyBytes(from: values.withUnsafeBytes(Array.init)) }
        deinit {
            memory.deallocate()
            Self.released.withLock { $0 += 1 }
        }
    }

    @Test func everythingMadeIsReleased() async {
        await #expect(processExitsWith: .success) {
            func body() {
                let generator = Generator(seed: 1)
                let x = Tensor.normal([2, 4, 6, 6], using: generator).requireGradient()
                let y = x.conv2d(Tensor.ones([3, 4, 3, 3])).relu()
                let (values, indices) = y.flattened().sorted(axis: 0)
                let (_, s, _) = y.svd()
                _ = stacked(y.split(every: 1, axis: 1)).sum()
                (values.sum() + s.sum() + indices.sum()).backward()
                x.setGradient(x.gradient.map { $0 * 2 })
                _ = gradients(of: [(x * x).sum()], withRespectTo: [x])
                generator.state = generator.state
                _ = TensorList.norm([x, y])
                _ = "\(x[0, 0, 0]) \(x.floats.count)"
                _ = try? recovering { x.reshaped([7]).exp() + x }
            }
            // The first run fills caches that libtorch keeps.
            body()
            let before = Runtime.liveTensors
            for _ in 0..<3 { body() }
            #expect(Runtime.liveTensors == before)
            #expect(before == 0)
        }
    }

    @Test func liveTensorsCountsHandles() async {
        await #expect(processExitsWith: .success) {
            let before = Runtime.liveTensors
            var kept: [Tensor] = (0..<5).map { _ in Tensor.zeros([2]) }
            #expect(Runtime.liveTensors == before + 5)
            kept.append(kept[0])
            #expect(Runtime.liveTensors == before + 5)
            kept.append(kept[0][0])
            #expect(Runtime.liveTensors == before + 6)
            kept = []
            #expect(Runtime.liveTensors == before)
        }
    }

    @Test func borrowedMemoryLivesAsLongAsTheLastView() async {
        await #expect(processExitsWith: .success) {
            func borrowed() -> Tensor {
                let owner = Owner([1, 2, 3, 4])
                return Tensor.borrowing(
                    UnsafeRawBufferPointer(owner.memory), shape: [2, 2], dtype: .float32, owner: owner)
            }
            var tensor: Tensor? = borrowed()
            var view: Tensor? = tensor?[1]
            #expect(Owner.released.withLock { $0 } == 0)
            #expect(tensor?.floats == [1, 2, 3, 4])
            tensor = nil
            #expect(Owner.released.withLock { $0 } == 0)
            #expect(view?.floats == [3, 4])
            view = nil
            #expect(Owner.released.withLock { $0 } == 1)
            // The record of gradients keeps it, too.
            let factor = Tensor.ones([2, 2]).requireGradient()
            var product: Tensor? = factor * borrowed()
            #expect(Owner.released.withLock { $0 } == 1)
            product?.sum().backward()
            product = nil
            #expect(Owner.released.withLock { $0 } == 2)
            #expect(factor.gradient?.floats == [1, 2, 3, 4])
        }
    }

    @Test func borrowingReadsWithoutCopying() {
        let owner = Owner([1, 2, 3, 4])
        let tensor = Tensor.borrowing(
            UnsafeRawBufferPointer(owner.memory), shape: [4], dtype: .float32, owner: owner)
        owner.memory.storeBytes(of: 9, as: Float.self)
        #expect(tensor.floats == [9, 2, 3, 4])
        let same = tensor.withUnsafeBytes { $0.baseAddress == UnsafeRawPointer(owner.memory.baseAddress) }
        #expect(same)
    }

    @Test func borrowingThatFailsReleasesItsOwner() async {
        await #expect(processExitsWith: .success) {
            _ = try? recovering {
                _ = Tensor.ones([2]).reshaped([3])
                let owner = Owner([1, 2, 3, 4])
                return Tensor.borrowing(
                    UnsafeRawBufferPointer(owner.memory), shape: [4], dtype: .float32, owner: owner)
            }
            #expect(Owner.released.withLock { $0 } == 1)
            let empty = Tensor.borrowing(
                UnsafeRawBufferPointer(start: nil, count: 0), shape: [0, 3], dtype: .uint8, owner: Owner([]))
            #expect(empty.shape == [0, 3])
            #expect(Owner.released.withLock { $0 } == 2)
        }
    }
}
