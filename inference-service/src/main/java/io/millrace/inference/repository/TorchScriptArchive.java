package io.millrace.inference.repository;

import io.millrace.inference.model.RefusedModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * What {@code torch.jit.save} writes: a zip file whose entries lie in one folder and are not compressed.
 *
 * <pre>
 *   version, byteorder, .data/…       numbers in digits
 *   code/__torch__/….py               the module's methods, in TorchScript; .debug_pkl beside them
 *   data.pkl, constants.pkl           the module and its constants
 *   data/0, constants/0, …            the numbers of their tensors
 * </pre>
 *
 * <p>The two pickles are read by PyTorch's own reader in C++, which makes tensors and the classes in {@code code} of them and
 * knows no others. What {@code torch.save} writes is a zip file too, but a pickle of any Python object, without {@code code}.
 *
 * <p>Source: {@code torch/csrc/jit/docs/serialization.md} in PyTorch.
 */
final class TorchScriptArchive {

    private static final Pattern ENTRY = Pattern.compile("([^/]+)/(.+)");
    private static final Pattern CODE = Pattern.compile("code/[\\w/.]+\\.py");
    private static final Pattern KNOWN = Pattern.compile("version|byteorder|\\.format_version|\\.storage_alignment"
            + "|\\.data/[\\w.]+|(data|constants)(\\.pkl|/\\d+)|code/[\\w/.]+\\.py(\\.debug_pkl)?|extra/.+");

    private TorchScriptArchive() {}

    static void check(ByteBuffer file) throws RefusedModelException {
        try {
            Path copy = Files.createTempFile("millrace-torchscript", ".zip");
            try {
                try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                    for (ByteBuffer rest = file.duplicate(); rest.hasRemaining(); ) {
                        channel.write(rest);
                    }
                }
                try (ZipFile zip = new ZipFile(copy.toFile())) {
                    checkEntries(zip);
                }
            } finally {
                Files.delete(copy);
            }
        } catch (ZipException e) {
            throw refused("it is no zip file, " + e.getMessage());
        } catch (IOException e) {
            throw refused("it cannot be read, " + e.getMessage());
        }
    }

    private static void checkEntries(ZipFile zip) throws RefusedModelException {
        Set<String> folders = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (ZipEntry entry : zip.stream().toList()) {
            Matcher path = ENTRY.matcher(entry.getName());
            if (!path.matches() || !KNOWN.matcher(path.group(2)).matches()) {
                throw refused("it has the entry \"%s\"".formatted(entry.getName()));
            }
            if (entry.getMethod() != ZipEntry.STORED) {
                throw refused("the entry \"%s\" is compressed".formatted(entry.getName()));
            }
            folders.add(path.group(1));
            names.add(path.group(2));
        }
        if (folders.size() != 1) {
            throw refused("its entries are in the folders " + folders);
        }
        for (String needed : List.of("version", "data.pkl", "constants.pkl")) {
            if (!names.contains(needed)) {
                throw refused("it has no " + needed);
            }
        }
        if (names.stream().noneMatch(name -> CODE.matcher(name).matches())) {
            throw refused("it has no code");
        }
    }

    private static RefusedModelException refused(String reason) {
        return new RefusedModelException(
                "model.pt is not what torch.jit.save writes: %s; save the traced or scripted module with it"
                        .formatted(reason));
    }
}
