from django.forms.renderers import TemplatesSetting


class HouseRenderer(TemplatesSetting):
    """Every form field of the product is drawn by templates/forms/; needs "django.forms" in INSTALLED_APPS."""

    field_template_name = "forms/field.html"
    form_template_name = "forms/form.html"
