# The bot in a container: one static binary, no shell, no root.
#
#   docker build -t whosaid .
#   docker run -v whosaid:/data -v ~/articles:/in:ro whosaid import /in
#   docker run -v whosaid:/data -e DISCORD_TOKEN whosaid

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/whosaid .
# A volume takes its owner from the folder of the image that it is mounted on,
# and the image below has no shell to make one.
RUN mkdir /out/data /out/tmp

# Fonts of the scripts that the binary has none for, for pictures of quotes.
# Without this stage and its COPY the image is about 130 MB smaller, and quotes in
# Chinese, Japanese, Korean, Hebrew, Hindi or Thai can't be drawn.
FROM golang:1.26-bookworm AS fonts
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-noto-cjk fonts-noto-core \
    && rm -rf /var/lib/apt/lists/*

# The binary, CA certificates, fonts and two folders; nothing else.
FROM scratch
COPY --from=fonts /usr/share/fonts /usr/share/fonts
COPY --from=build /out/whosaid /usr/local/bin/whosaid
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build --chown=65532:65532 /out/tmp /tmp
ENV WHOSAID_DATA=/data \
    WHOSAID_LOG_FORMAT=json
VOLUME /data
USER 65532:65532
# The data folder can be opened and its index read.
HEALTHCHECK --interval=1m --timeout=20s --start-period=1m \
    CMD ["/usr/local/bin/whosaid", "status"]
ENTRYPOINT ["/usr/local/bin/whosaid"]
CMD ["serve"]
