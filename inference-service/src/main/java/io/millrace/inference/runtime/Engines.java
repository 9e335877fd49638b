package io.millrace.inference.runtime;

import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelRuntime;
import io.millrace.inference.model.RefusedModelException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The engine for each platform. ONNX Runtime is always there. PyTorch is four hundred megabytes and runs programs that come in
 * model files, so it is there only for those who name the folder of its libraries.
 */
public final class Engines implements ModelRuntime {

    private static final String TORCHSCRIPT = "pytorch_torchscript";
    private static final String SETTING = "millrace.inference.engines.pytorch";

    private final ModelRuntime onnx;
    private final @Nullable Path folder;
    private final @Nullable ModelRuntime pytorch;

    /** @param pytorch the folder of PyTorch's libraries, or {@code null} to do without */
    public Engines(ModelRuntime onnx, @Nullable Path pytorch) {
        this.onnx = onnx;
        this.folder = pytorch;
        this.pytorch = pytorch == null ? null : fromFolder(pytorch);
    }

    private static ModelRuntime fromFolder(Path folder) {
        List<URL> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path file : files) {
                jars.add(file.toUri().toURL());
            }
        } catch (IOException e) {
            throw new IllegalStateException("%s: %s cannot be read".formatted(SETTING, folder), e);
        }
        // Not closed: the engine lives as long as the process.
        var classes = new URLClassLoader("pytorch", jars.toArray(URL[]::new), ModelRuntime.class.getClassLoader());
        return ServiceLoader.load(ModelRuntime.class, classes)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "%s: no engine is in %s; write the folder that the module inference-pytorch makes"
                                .formatted(SETTING, folder)));
    }

    /** Where {@link #Engines PyTorch} is, for a process that is to have the same engines. */
    public List<String> folders() {
        return folder == null ? List.of() : List.of(folder.toAbsolutePath().toString());
    }

    @Override
    public LoadedModel load(ModelDefinition definition, ByteBuffer file) throws RefusedModelException {
        if (!definition.platform().equals(TORCHSCRIPT)) {
            return onnx.load(definition, file);
        }
        if (pytorch == null) {
            throw new RefusedModelException(
                    "PyTorch is switched off here; " + SETTING + " is to name the folder of its libraries");
        }
        return pytorch.load(definition, file);
    }
}
