package io.millrace.inference.repository;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** With a bucket in memory; {@link S3MockTest} asks the same of a server. */
class S3MirrorTest extends S3MirrorContract {

    @Override
    S3Client client() {
        return new BucketInMemory();
    }

    private static final class BucketInMemory implements S3Client {

        private final Map<String, byte[]> objects = new TreeMap<>();

        @Override
        public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
            try (var content = body.contentStreamProvider().newStream()) {
                objects.put(request.key(), content.readAllBytes());
                return PutObjectResponse.builder().build();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
            objects.remove(request.key());
            return DeleteObjectResponse.builder().build();
        }

        @Override
        public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
            if (!request.bucket().equals(BUCKET)) {
                throw NoSuchBucketException.builder().message("no such bucket").build();
            }
            return ListObjectsV2Response.builder()
                    .isTruncated(false)
                    .contents(objects.entrySet().stream()
                            .filter(object -> object.getKey().startsWith(request.prefix()))
                            .map(object -> S3Object.builder()
                                    .key(object.getKey())
                                    .size((long) object.getValue().length)
                                    .eTag(HexFormat.of().toHexDigits(Arrays.hashCode(object.getValue())))
                                    .build())
                            .toList())
                    .build();
        }

        @Override
        public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
            var content = AbortableInputStream.create(new ByteArrayInputStream(objects.get(request.key())));
            try {
                return transformer.transform(GetObjectResponse.builder().build(), content);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
