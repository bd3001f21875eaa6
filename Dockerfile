# Builds with a JDK, and runs on a small Linux with a Java runtime of the modules that are needed, as an ordinary user. Data is kept in the volume /data.
# Both bases must be with glibc: native libraries are not for musl (Alpine). The second one needs apt-get, as Debian and Ubuntu have it.
# For builds that always start from the same, give them by digest: --build-arg JDK=docker.io/library/eclipse-temurin@sha256:…
ARG JDK=docker.io/library/eclipse-temurin:25-jdk
ARG BASE=docker.io/library/debian:bookworm-slim

FROM ${JDK} AS build
WORKDIR /build
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src src
# What Maven downloads is kept for the next build. MAVEN_ARGS is Maven's own variable, for a mirror's settings or the like.
ARG MAVEN_ARGS=
# The commit, which the build can't find out without the folder .git.
ARG REVISION=unknown
RUN --mount=type=cache,target=/root/.m2 ./mvnw --batch-mode --no-transfer-progress -DskipTests "-Dgit.commit.id=$REVISION" package
# Jars bring native libraries for many platforms; only those for this image's are kept. It fails if the one that is needed is not found. Here, because
# the cache for fast starts below is bound to the jars as they are then. The builder sets TARGETPLATFORM (linux/arm64); one that doesn't builds for its own.
COPY deploy deploy
ARG TARGETPLATFORM
RUN java deploy/image/OnePlatform.java deploy/image/native-libraries.txt target/lib "$TARGETPLATFORM"
# Not compressed, because layers are, and starts are faster.
RUN jlink --add-modules "$(grep -v '^#' deploy/runtime-modules.txt | paste -sd ,)" --strip-java-debug-attributes --no-header-files --no-man-pages \
    --output /opt/java

FROM ${BASE}
# tini ends processes that PostgreSQL leaves when it crashes; openssl is for the health check by HTTPS, libnss-wrapper for user ids that nobody knows.
RUN apt-get update -q \
    && apt-get install -q -y --no-install-recommends ca-certificates libnss-wrapper openssl tini \
    && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* \
    && groupadd --gid 10001 brigade \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin brigade \
    && mkdir -p /data /app/start /certs && chown 10001:0 /data /app/start && chmod g+rwx /data
WORKDIR /app
COPY --from=build /opt/java /opt/java
COPY --from=build /build/target/lib lib
COPY --from=build /build/target/bucket-brigade.jar /build/target/bucket-brigade-sbom.json /build/target/THIRD-PARTY.txt \
    /build/deploy/image/healthy /build/deploy/image/lambda /build/deploy/image/run ./
COPY LICENSE ./
COPY routes routes
COPY samples samples
COPY templates templates
USER 10001:10001
# File names may contain any character, whatever the host's locale is.
# A container's loopback can't be reached from outside, so listen on all addresses; BRIGADE_API_KEY decides who may write.
ENV LC_ALL=C.UTF-8 PATH=/opt/java/bin:$PATH BRIGADE_HOME=/app BRIGADE_DATA=/data BRIGADE_HTTP_HOST=0.0.0.0
# What a start loads, kept ready. Without the embedded PostgreSQL being able to start here, there is no image.
RUN ["/app/run", "--prepare"]
# The same for a function on AWS Lambda, whose entry point is /app/lambda.
RUN ["/app/lambda", "rehearse"]
WORKDIR /data
VOLUME /data
ARG VERSION=
ARG REVISION=
ARG SOURCE=
ARG LICENSES=Apache-2.0
LABEL org.opencontainers.image.title="Bucket Brigade" org.opencontainers.image.version="$VERSION" org.opencontainers.image.revision="$REVISION" \
    org.opencontainers.image.source="$SOURCE" org.opencontainers.image.licenses="$LICENSES"
EXPOSE 3000
# HTTP first, then HTTPS.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["/app/healthy"]
ENTRYPOINT ["/usr/bin/tini", "-s", "--", "/app/run"]
CMD ["up"]
