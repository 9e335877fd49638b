package io.millrace.vector.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.lucene.codecs.hnsw.DefaultFlatVectorScorer;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.IOUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens indexes in folders. */
public final class LuceneEngine {

    private static final Logger log = LoggerFactory.getLogger(LuceneEngine.class);

    private final int exactUpTo;
    private final int defaultEf;

    /**
     * @param exactUpTo up to how many matching points a search compares them all
     * @param defaultEf candidates a graph search keeps when the query does not say
     */
    public LuceneEngine(int exactUpTo, int defaultEf) {
        this.exactUpTo = exactUpTo;
        this.defaultEf = defaultEf;
    }

    /**
     * The index in this folder. Where there is none, or one that is damaged or of another schema, a new one is committed
     * with {@code initialMarks}: an index is a copy of the topic and can be made again.
     */
    public VectorIndex open(Path folder, Schema schema, Map<String, String> initialMarks) {
        try {
            FSDirectory directory = FSDirectory.open(folder);
            try {
                return LuceneVectorIndex.open(directory, schema, initialMarks, exactUpTo, defaultEf);
            } catch (CorruptIndexException
                    | IndexFormatTooOldException
                    | IndexFormatTooNewException
                    | LuceneVectorIndex.OtherSchemaException e) {
                log.atWarn().addKeyValue("folder", folder).setCause(e).log("index is made again");
                directory.close();
                IOUtils.rm(folder);
                return LuceneVectorIndex.open(FSDirectory.open(folder), schema, initialMarks, exactUpTo, defaultEf);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the index in " + folder, e);
        }
    }

    /**
     * Whether distances are computed with SIMD instructions. They are when the JVM runs with {@code --add-modules
     * jdk.incubator.vector} and its optimizing compiler; results are the same without, searches several times slower.
     */
    public static boolean vectorized() {
        return !(FlatVectorScorerUtil.getLucene99FlatVectorsScorer() instanceof DefaultFlatVectorScorer);
    }
}
