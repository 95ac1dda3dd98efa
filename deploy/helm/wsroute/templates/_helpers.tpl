{{/* The reference of an image: its digest, else its tag, else the chart's appVersion. Takes a list: the image, the root. */}}
{{- define "wsroute.image" -}}
{{- $image := index . 0 -}}
{{- $root := index . 1 -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default $root.Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* A file of deploy/kustomize/base, whose objects are the chart's, too. Takes a list: the name, the root. */}}
{{- define "wsroute.base" -}}
{{- $root := index . 1 -}}
{{ $root.Files.Get (printf "files/%s" (index . 0)) | replace "wsroute-system" $root.Release.Namespace }}
{{- end -}}
