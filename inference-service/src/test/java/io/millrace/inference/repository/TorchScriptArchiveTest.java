package io.millrace.inference.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.inference.model.RefusedModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class TorchScriptArchiveTest {

    /** What PyTorch 2.7 writes for a small module. */
    private static final List<String> SAVED = List.of(
            "net/data.pkl",
            "net/.format_version",
            "net/.storage_alignment",
            "net/byteorder",
            "net/data/0",
            "net/code/__torch__.py",
            "net/code/__torch__.py.debug_pkl",
            "net/code/__torch__/torch/nn/modules/linear.py",
            "net/constants.pkl",
            "net/version",
            "net/.data/serialization_id");

    @Test
    void takesWhatIsSaved() {
        assertThatCode(() -> TorchScriptArchive.check(zip(ZipEntry.STORED, SAVED)))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAPickleOfObjectsInAZipFile() {
        // torch.save(module.state_dict(), …)
        assertRefused(
                zip(ZipEntry.STORED, List.of("archive/data.pkl", "archive/data/0", "archive/version")),
                "it has no constants.pkl");
        assertRefused(
                zip(ZipEntry.STORED, without("net/code/__torch__.py", "net/code/__torch__/torch/nn/modules/linear.py")),
                "it has no code");
    }

    @Test
    void refusesAPickleWithoutAZipFile() {
        assertRefused(ByteBuffer.wrap(new byte[] {(byte) 0x80, 2, '.'}), "it is no zip file");
        assertRefused(ByteBuffer.allocate(0), "it is no zip file");
    }

    @Test
    void refusesWhatDoesNotBelongThere() {
        assertRefused(zip(ZipEntry.STORED, with("net/evil.pkl")), "it has the entry \"net/evil.pkl\"");
        assertRefused(
                zip(ZipEntry.STORED, with("net/code/../../evil.sh")), "it has the entry \"net/code/../../evil.sh\"");
        assertRefused(zip(ZipEntry.STORED, with("other/version")), "its entries are in the folders");
        assertRefused(zip(ZipEntry.DEFLATED, SAVED), "the entry \"net/data.pkl\" is compressed");
    }

    private static List<String> with(String entry) {
        return Stream.concat(SAVED.stream(), Stream.of(entry)).toList();
    }

    private static List<String> without(String... entries) {
        return SAVED.stream()
                .filter(entry -> !Arrays.asList(entries).contains(entry))
                .toList();
    }

    private static void assertRefused(ByteBuffer file, String reason) {
        assertThatThrownBy(() -> TorchScriptArchive.check(file))
                .isInstanceOf(RefusedModelException.class)
                .hasMessageStartingWith("model.pt is not what torch.jit.save writes")
                .hasMessageContaining(reason);
    }

    private static ByteBuffer zip(int method, List<String> entries) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.setMethod(method);
            for (String name : entries) {
                byte[] content = name.getBytes(UTF_8);
                var crc = new CRC32();
                crc.update(content);
                var entry = new ZipEntry(name);
                entry.setSize(content.length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(content);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }
}
